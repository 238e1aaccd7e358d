// 05.5 The last reply ends the conversation: there always is one.
// zh-CN: 最后一个 reply 结束对话：总会有最后一个。
// An order without items has no reply, so neither done nor failed is ever called. Its client waits
// for ever, without an error in any log.
public static class Prices
{
    public static void AddUp(
        int order, string[] items, Action<string, Action<string>> ask,
        Action<int> done, Action<string> failed)
    {
        int next = 0;
        int total = 0;
        if (items.Length > 0)
        {
            ask(items[0], Reply);
        }

        void Reply(string text)
        {
            if (!int.TryParse(text, out int price))
            {
                failed($"order {order}, {items[next]}: {text}");
                return;
            }
            total += price;
            next++;
            if (next == items.Length)
            {
                done(total);
            }
            else
            {
                ask(items[next], Reply);
            }
        }
    }
}
