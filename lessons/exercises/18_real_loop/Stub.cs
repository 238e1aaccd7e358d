// Lesson 12 on the library: ask all servers at the same time.
//
//   AskAllAsync  calls `ask` for each name, all in the same turn, and returns the answers,
//                joined by spaces, in the order of the names, after the slowest answer. The
//                exception of a question reaches the caller.
//   Answers      how many answers have come so far, of all calls.
//
// `ask` returns a coroutine that waits on the loop. The loop runs already, on this thread.
using Reactor;

public sealed class Asker(Func<string, Coroutine<string>> ask)
{
    public int Answers { get; private set; }

    public async Coroutine<string> AskAllAsync(string[] names)
    {
        return "";
    }
}
