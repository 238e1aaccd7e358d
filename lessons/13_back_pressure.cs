#!/usr/bin/env dotnet
// Lesson 13: how much waits in memory when the reader stops? Grows from 12_async_sockets.
// Question: A producer awaits each of its 6 writes of 64 KiB, while the client does not read. How
//   much waits in the memory of the process if no mark makes a write wait?
// Predict:
//   queue: holds 64 KiB, no mark
//   queue: holds 256 KiB, no mark
//   queue: holds 384 KiB, no mark
// Picture: lanes
// Expected output:
//   producer: has written 6 chunks
//   queue: holds 384 KiB, no mark
//   queue -> producer: wait, 256 KiB is the high-water mark
//   queue: holds 256 KiB, with marks
//   queue -> kernel: a chunk, 192 KiB are left
//   queue -> kernel: a chunk, 128 KiB are left
//   queue -> kernel: a chunk, 64 KiB are left
//   queue -> producer: go on, 64 KiB is the low-water mark
//   producer: has written 6 chunks
//   queue -> kernel: a chunk, 128 KiB are left
var loop = new Loop();
var unbounded = new WriteQueue(loop, highWaterKiB: int.MaxValue, lowWaterKiB: 0);
_ = Produce(unbounded);
Console.WriteLine($"queue: holds {unbounded.KiB} KiB, no mark");

var bounded = new WriteQueue(loop, highWaterKiB: 256, lowWaterKiB: 64);
Task producer = Produce(bounded);
Console.WriteLine($"queue: holds {bounded.KiB} KiB, with marks");

// A script instead of the kernel: now the client reads, and each turn has room for one chunk.
loop.Poll = () => bounded.KiB > 0 ? bounded.Send : null;
loop.RunUntil(producer);

async Task Produce(WriteQueue queue)
{
    for (int i = 0; i < 6; i++) await queue.Write(new byte[65536]);
    Console.WriteLine("producer: has written 6 chunks");
}

sealed class Loop
{
    private readonly Queue<Action> _ready = new();
    public Func<Action?> Poll { get; set; } = () => null;
    public void CallSoon(Action callback) => _ready.Enqueue(callback);
    public void RunUntil(Task task) { while (!task.IsCompleted) RunTurn(); }

    private void RunTurn()
    {
        if (Poll() is { } arrived) CallSoon(arrived);
        for (int batch = _ready.Count; batch > 0; batch--) _ready.Dequeue()();
    }
}

// Chunks that wait for room in the kernel. At the high-water mark, a write waits for the low one.
sealed class WriteQueue(Loop loop, int highWaterKiB, int lowWaterKiB)
{
    private readonly Queue<byte[]> _chunks = new();
    private TaskCompletionSource? _room;
    public int KiB => _chunks.Count * 64;

    public Task Write(byte[] chunk)
    {
        _chunks.Enqueue(chunk);
        if (KiB < highWaterKiB) return Task.CompletedTask;
        Console.WriteLine($"queue -> producer: wait, {KiB} KiB is the high-water mark");
        return (_room = new TaskCompletionSource()).Task;
    }

    public void Send()
    {
        _chunks.Dequeue();
        Console.WriteLine($"queue -> kernel: a chunk, {KiB} KiB are left");
        if (KiB > lowWaterKiB || _room is not { } room) return;
        _room = null;
        Console.WriteLine($"queue -> producer: go on, {KiB} KiB is the low-water mark");
        loop.CallSoon(room.SetResult);
    }
}
