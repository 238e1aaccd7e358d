// 24.4 The asking loop waits until the replies are there.
// zh-CN: 提问的循环原地等待回复。
// The replies are callbacks of this loop, which cannot run them while it waits. Two loops that
// ask each other stop for ever, with all their clients.
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

        while (replies < cells.Length)
        {
            Thread.Yield();
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
        (most / cells.Length) + (loop < most % cells.Length ? 1 : 0);
}
