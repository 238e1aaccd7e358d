// 24.5 Sum and number of replies are fields: two questions at the same time are mixed.
// zh-CN: 总和与回复数是字段：两个同时进行的提问混在一起。
// Two dashboards ask in the same second, and both show wrong numbers that add up.
public sealed class Counters(Cell[] cells, Action<int, Action> post)
{
    private int _sum;
    private int _replies;

    public void Count(int loop) => cells[loop].Value++;

    public void AskTotal(int asker, Action<int> answer)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            int loop = i;
            post(loop, () =>
            {
                int value = cells[loop].Value;
                post(asker, () => Add(value));
            });
        }

        void Add(int value)
        {
            _sum += value;
            _replies++;
            if (_replies == cells.Length)
            {
                answer(_sum);
                _sum = 0;
                _replies = 0;
            }
        }
    }

    public int Share(int most, int loop) =>
        (most / cells.Length) + (loop < most % cells.Length ? 1 : 0);
}
