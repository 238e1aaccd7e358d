// 05.3 After failed was called, the conversation has ended by itself.
// zh-CN: 调用 failed 之后，对话会自己结束。
// A callback has no caller that an exception could stop: only a return ends the conversation. This
// one reports a failure and then a total, and the client gets two answers.
public static class Prices
{
    public static void AddUp(
        int order, string[] items, Action<string, Action<string>> ask,
        Action<int> done, Action<string> failed)
    {
        int total = 0;
        AskFrom(0);

        void AskFrom(int next)
        {
            if (next == items.Length)
            {
                done(total);
                return;
            }
            ask(items[next], reply =>
            {
                if (int.TryParse(reply, out int price))
                {
                    total += price;
                }
                else
                {
                    failed($"order {order}, {items[next]}: {reply}");
                }
                AskFrom(next + 1);
            });
        }
    }
}
