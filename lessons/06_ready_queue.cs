#!/usr/bin/env dotnet
// Lesson 06: does a callback queued now run now? Grows from 05_callbacks.
// Question: Callback a queues b while c is already queued. Then b queues itself again and again,
//   until a client whose bytes arrive later is answered. In which turn does b run first?
// Predict:
//   b: runs in turn 1
//   b: runs in turn 2
// Picture: lanes
// Expected output:
//   turn 1
//   a: runs in turn 1
//   a -> loop: CallSoon(b)
//   a: returns
//   c: runs in turn 1
//   turn 2
//   b: runs in turn 2
//   b -> loop: CallSoon(b)
//   turn 3
//   kernel -> loop: the client's bytes
//   b: runs in turn 3
//   b -> loop: CallSoon(b)
//   client: is answered in turn 3
//   turn 4
//   b: runs in turn 4
bool answered = false;
var loop = new Loop();
loop.Poll = () => loop.Turn == 3 ? Answer : null; // a script instead of the kernel
loop.CallSoon(A);
loop.CallSoon(() => Console.WriteLine($"c: runs in turn {loop.Turn}"));
loop.Run();

void A()
{
    Console.WriteLine($"a: runs in turn {loop.Turn}");
    Console.WriteLine("a -> loop: CallSoon(b)");
    loop.CallSoon(B);
    Console.WriteLine("a: returns");
}

void B()
{
    Console.WriteLine($"b: runs in turn {loop.Turn}");
    if (!answered)
    {
        Console.WriteLine("b -> loop: CallSoon(b)");
        loop.CallSoon(B);
    }
}

void Answer()
{
    Console.WriteLine($"client: is answered in turn {loop.Turn}");
    answered = true;
}

sealed class Loop
{
    private readonly Queue<Action> _ready = new();
    public int Turn { get; private set; }
    public Func<Action?> Poll { get; set; } = () => null;
    public void CallSoon(Action callback) => _ready.Enqueue(callback);

    public void Run() { while (_ready.Count > 0) RunTurn(); }

    private void RunTurn()
    {
        Console.WriteLine($"turn {++Turn}");
        if (Poll() is { } arrived)
        {
            Console.WriteLine("kernel -> loop: the client's bytes");
            CallSoon(arrived);
        }

        // The batch is what is ready now. What its callbacks queue waits until after the next poll.
        for (int batch = _ready.Count; batch > 0; batch--) _ready.Dequeue()();
    }
}
