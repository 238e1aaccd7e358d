// 24.3 The answer is called on the loop that replied last.
// zh-CN: 回答在最后回复的循环上调用，而不是在提问者的循环上。
// The callback uses the asker's connection on another thread. The sum, too, is written by all
// loops: some of it is lost now and then.
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
                Add(value);
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
        (most / cells.Length) + (loop < most % cells.Length ? 1 : 0);
}
