// The conversation is an object: what the stack of a blocking method would hold is in its fields,
// the origin included. Each order has its own.
public static class Prices
{
    public static void AddUp(
        int order, string[] items, Action<string, Action<string>> ask,
        Action<int> done, Action<string> failed) =>
        new Conversation(order, items, ask, done, failed).AskNext();

    private sealed class Conversation(
        int order, string[] items, Action<string, Action<string>> ask,
        Action<int> done, Action<string> failed)
    {
        private int _next;
        private int _total;

        public void AskNext()
        {
            if (_next == items.Length)
            {
                done(_total);
            }
            else
            {
                ask(items[_next], Reply);
            }
        }

        private void Reply(string text)
        {
            if (int.TryParse(text, out int price))
            {
                _total += price;
                _next++;
                AskNext();
            }
            else
            {
                failed($"order {order}, {items[_next]}: {text}");
            }
        }
    }
}
