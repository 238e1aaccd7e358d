// 18.5 The counter is read before the await and written after it: updates are lost.
// zh-CN: 在 await 之前读取计数器，在 await 之后写入：更新丢失了。
// One thread does not make a method atomic: at each await other tasks run. The number of open
// connections, of a budget, of a rate limit then drifts.
using Reactor;

public sealed class Asker(Func<string, Coroutine<string>> ask)
{
    public int Answers { get; private set; }

    public async Coroutine<string> AskAllAsync(string[] names)
    {
        string[] answers = await EventLoop.WhenAll(names.Select(AskOne));
        return string.Join(' ', answers);
    }

    private async Coroutine<string> AskOne(string name)
    {
        int before = Answers;
        string answer = await ask(name);
        Answers = before + 1;
        return answer;
    }
}
