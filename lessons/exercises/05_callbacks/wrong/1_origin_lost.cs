// 05.1 An exception in a callback reaches the method that registered the callback.
// zh-CN: 回调中的异常会到达注册该回调的方法。
// That method returned long ago. The exception goes to the loop, whose log names the callback only,
// and the order gets neither a total nor a failure: its client waits until it gives up.
public static class Prices
{
    public static void AddUp(
        int order, string[] items, Action<string, Action<string>> ask,
        Action<int> done, Action<string> failed)
    {
        int next = 0;
        int total = 0;
        try
        {
            AskNext();
        }
        catch (FormatException)
        {
            failed($"order {order}, {items[next]}: no number");
        }

        void AskNext()
        {
            if (next == items.Length)
            {
                done(total);
                return;
            }
            ask(items[next], reply =>
            {
                total += int.Parse(reply);
                next++;
                AskNext();
            });
        }
    }
}
