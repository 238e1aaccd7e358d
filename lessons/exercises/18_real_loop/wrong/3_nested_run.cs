// 18.3 A coroutine runs the loop until the answer is there: the loop runs already.
// zh-CN: 在协程里再次运行循环来等待回答：循环已经在运行。
// A loop is not re-entrant. Where a library allows it, the inner run serves every other client on
// the stack of this one, which cannot go on before the inner run has ended.
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
        string answer = EventLoop.Current.RunUntilComplete(ask(name));
        Answers++; // read and written without an await between: no lock is needed
        return answer;
    }
}
