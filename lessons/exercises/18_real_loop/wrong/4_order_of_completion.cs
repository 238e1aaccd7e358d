// 18.4 The answers are collected in the order of their completion.
// zh-CN: 回答按完成的先后收集，而不是按名字的顺序。
// The fastest back end's data is shown as that of the first one. It is right in each test in which
// all take the same time.
using Reactor;

public sealed class Asker(Func<string, Coroutine<string>> ask)
{
    public int Answers { get; private set; }

    public async Coroutine<string> AskAllAsync(string[] names)
    {
        var answers = new List<string>();
        await EventLoop.WhenAll(names.Select(async Coroutine (name) =>
            answers.Add(await AskOne(name))));
        return string.Join(' ', answers);
    }

    private async Coroutine<string> AskOne(string name)
    {
        string answer = await ask(name);
        Answers++; // read and written without an await between: no lock is needed
        return answer;
    }
}
