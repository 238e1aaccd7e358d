// 18.1 The coroutines are awaited one after the other: each begins at its await.
// zh-CN: 协程被逐个等待：每个协程到它的 await 才开始。
// Three back ends of 100 ms take 300 ms. With C#'s Task the same lines take 100 ms, because a Task
// has begun when the method returns.
using Reactor;

public sealed class Asker(Func<string, Coroutine<string>> ask)
{
    public int Answers { get; private set; }

    public async Coroutine<string> AskAllAsync(string[] names)
    {
        Coroutine<string>[] calls = [.. names.Select(AskOne)];
        var answers = new List<string>();
        foreach (Coroutine<string> call in calls)
        {
            answers.Add(await call);
        }
        return string.Join(' ', answers);
    }

    private async Coroutine<string> AskOne(string name)
    {
        string answer = await ask(name);
        Answers++; // read and written without an await between: no lock is needed
        return answer;
    }
}
