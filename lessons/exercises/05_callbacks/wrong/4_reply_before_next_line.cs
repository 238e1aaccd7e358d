// 05.4 When ask returns, the reply has been called.
// zh-CN: ask 返回时，reply 已经被调用了。
// The line behind ask runs before the reply, in the same turn. The total is still 0, and the
// replies arrive when their result is no longer wanted.
public static class Prices
{
    public static void AddUp(
        int order, string[] items, Action<string, Action<string>> ask,
        Action<int> done, Action<string> failed)
    {
        int total = 0;
        bool isFailed = false;
        foreach (string item in items)
        {
            ask(item, reply =>
            {
                if (int.TryParse(reply, out int price))
                {
                    total += price;
                }
                else
                {
                    isFailed = true;
                    failed($"order {order}, {item}: {reply}");
                }
            });
        }
        if (!isFailed)
        {
            done(total);
        }
    }
}
