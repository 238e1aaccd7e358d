// Counts requests on several loops, without a lock. Cell i belongs to loop i: `cells[i].Value` may
// be read and written only on loop i. `post(i, callback)` runs a callback on loop i, later.
//
//   Count    on loop `loop`: one more request.
//   AskTotal on loop `asker`: calls `answer` on this loop, later, with the sum of all cells. It
//            never waits. Several questions may be open at the same time.
//   Share    how many of `most` connections loop `loop` may have: the shares are as equal as
//            possible and sum up to `most`; the first loops get the remainder.
public sealed class Counters(Cell[] cells, Action<int, Action> post)
{
    public void Count(int loop)
    {
    }

    public void AskTotal(int asker, Action<int> answer)
    {
    }

    public int Share(int most, int loop)
    {
        return 0;
    }
}
