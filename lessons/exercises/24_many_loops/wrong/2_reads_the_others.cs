// 24.2 The asking loop reads the cells of the other loops.
// zh-CN: 提问的循环直接读取其他循环的单元。
// It works for an int most of the time. With a dictionary or a list the reader sees it half
// changed, and throws, or never ends.
public sealed class Counters(Cell[] cells, Action<int, Action> post)
{
    public void Count(int loop) => cells[loop].Value++;

    public void AskTotal(int asker, Action<int> answer)
    {
        answer(cells.Sum(cell => cell.Value));
    }

    public int Share(int most, int loop) =>
        (most / cells.Length) + (loop < most % cells.Length ? 1 : 0);
}
