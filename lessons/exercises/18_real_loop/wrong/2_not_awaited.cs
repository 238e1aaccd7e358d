// 18.2 The tasks are spawned and not awaited: the caller gets its result before the answers.
// zh-CN: 任务已创建却没有被等待：调用者在回答到来之前就得到结果。
// The request is answered with an empty page, and an exception of a task is only logged.
using Reactor;

public sealed class Asker(Func<string, Coroutine<string>> ask)
{
    public int Answers { get; private set; }

    public async Coroutine<string> AskAllAsync(string[] names)
    {
        var answers = new List<string>();
        foreach (string name in names)
        {
            EventLoop.Spawn(AddAnswer(name, answers));
        }
        return string.Join(' ', answers);
    }

    private async Coroutine AddAnswer(string name, List<string> answers) =>
        answers.Add(await AskOne(name));

    private async Coroutine<string> AskOne(string name)
    {
        string answer = await ask(name);
        Answers++; // read and written without an await between: no lock is needed
        return answer;
    }
}
