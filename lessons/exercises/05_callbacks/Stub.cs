// Add up the prices of an order, with callbacks.
//
// `ask(item, reply)` asks the price server and returns at once; the loop calls `reply` with the
// answer in a later turn. Ask for one item after the other. Other orders run at the same time.
//   done(total)     is called once, when all prices are known
//   failed(origin)  is called once, if a reply is no number, instead of `done`; nothing more is
//                   asked. The origin names order, item and reply: "order 7, milk: n/a"
// An exception that leaves `reply` reaches the loop, which knows neither the order nor the item.
public static class Prices
{
    public static void AddUp(
        int order, string[] items, Action<string, Action<string>> ask,
        Action<int> done, Action<string> failed)
    {
    }
}
