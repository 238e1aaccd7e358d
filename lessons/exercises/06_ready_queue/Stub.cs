// Write the turn of an event loop.
//   CallSoon  puts a callback at the end of the ready queue, and runs nothing.
//   RunTurn   polls once: `poll` returns the callbacks of the sockets that are ready. They go behind
//             those that are ready already. Then it runs the batch: each callback that is ready
//             now, once, in order. What a callback of the batch queues belongs to the next turn.
// An exception of a callback leaves RunTurn; the rest of the batch stays queued for the next turn.
public sealed class Loop(Func<Action[]> poll)
{
    public void CallSoon(Action callback)
    {
    }

    public void RunTurn()
    {
        poll();
    }
}
