// 05.2 One thread runs all callbacks, so they can share a field.
// zh-CN: 所有回调由一个线程运行，所以可以共用一个字段。
// One thread protects from other threads, not from other conversations: between two callbacks of
// one order the loop runs callbacks of others. Each adds to the same total.
public static class Prices
{
    private static int s_total;

    public static void AddUp(
        int order, string[] items, Action<string, Action<string>> ask,
        Action<int> done, Action<string> failed)
    {
        s_total = 0;
        AskFrom(0);

        void AskFrom(int next)
        {
            if (next == items.Length)
            {
                done(s_total);
                return;
            }
            ask(items[next], reply =>
            {
                if (!int.TryParse(reply, out int price))
                {
                    failed($"order {order}, {items[next]}: {reply}");
                    return;
                }
                s_total += price;
                AskFrom(next + 1);
            });
        }
    }
}
