// WhenAll makes a task of each coroutine; its result has the order of the coroutines.
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
        string answer = await ask(name);
        Answers++; // read and written without an await between: no lock is needed
        return answer;
    }
}
