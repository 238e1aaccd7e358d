// 24.6 The limit is divided, and the remainder belongs to no loop.
// zh-CN: 把上限相除，余数不属于任何循环。
// A limit of 10 on 16 loops becomes 0: the server accepts no client.
public sealed class Counters(Cell[] cells, Action<int, Action> post)
{
    public void Count(int loop) => cells[loop].Value++;

    public void AskTotal(int asker, Action<int> answer)
    {
        int sum = 0;
        int replies = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            int loop = i;
            post(loop, () =>
            {
                int value = cells[loop].Value;
                post(asker, () => Add(value));
            });
        }

        // Runs on the asker's loop only: sum and replies need no lock.
        void Add(int value)
        {
            sum += value;
            replies++;
            if (replies == cells.Length)
            {
                answer(sum);
            }
        }
    }

    public int Share(int most, int loop) =>
        most / cells.Length;
}
