// What a trace costs: the loop that is observed, in nanoseconds an await (nine events each), beside
// the same loop bare; and the reader, which reduces, encodes and jumps in 1.2 million events of a
// server with 64 connections.
using System.Buffers;
using BenchmarkDotNet.Attributes;
using Reactor.Recording;

namespace Reactor.Bench;

public class TracedLoopBenchmarks : OnLoop
{
    private readonly List<TraceEvent> _events = new(Operations * 9);
    private TraceInstrument? _trace;

    [Params(false, true)]
    public bool IsTraced { get; set; }

    [IterationSetup]
    public void Begin()
    {
        _events.Clear();
        _trace = IsTraced
            ? TraceInstrument.Attach(Loop, new TraceOptions { EventsMax = Operations * 10 })
            : null;
    }

    [IterationCleanup]
    public void End()
    {
        _trace?.DrainTo(_events);
        _trace?.Detach();
    }

    /// <summary>A turn, a step and a resumption for each operation.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Yield()
    {
        Loop.RunUntilComplete(Main());
        static async Coroutine Main()
        {
            for (int i = 0; i < Operations; i++)
            {
                await EventLoop.Yield();
            }
        }
    }
}

[MemoryDiagnoser]
public class TraceReaderBenchmarks
{
    private const int Connections = 64;
    private const int EventsPerRequest = 10;

    private readonly ArrayBufferWriter<byte> _bytes = new(16 << 20);
    private LoopTrace _trace = null!;
    private int _jumps;

    /// <summary>About 1.2 million: what 100,000 requests leave behind.</summary>
    [Params(100_000)]
    public int Requests { get; set; }

    [GlobalSetup]
    public void Make()
    {
        _trace = new LoopTrace(new TraceInfo(), new TraceNames(), Events());
        _trace.StateAt(_trace.Count);
    }

    [Benchmark]
    public TraceState Reduce()
    {
        TraceState state = new();
        foreach (ref readonly TraceEvent happened in _trace.Events)
        {
            state = TraceState.Reduce(state, happened);
        }

        return state;
    }

    [Benchmark]
    public int Encode()
    {
        _bytes.ResetWrittenCount();
        TraceCodec.Write(_trace.Events, _bytes);
        return _bytes.WrittenCount;
    }

    /// <summary>To a moment anywhere in the run.</summary>
    [Benchmark]
    public TraceState Jump()
    {
        _jumps = (int)((_jumps + 7_919_993L) % _trace.Count);
        return _trace.StateAt(_jumps);
    }

    private List<TraceEvent> Events()
    {
        var events = new List<TraceEvent>(Requests * EventsPerRequest);
        long time = 0;
        for (int i = 0, turn = 1; i < Requests; turn++)
        {
            events.Add(new(TraceEventKind.TurnBegan, time += 500, turn));
            events.Add(new(TraceEventKind.PollBegan, time, 0, -1));
            int ready = 1 + (turn % 7);
            for (int k = 0; k < ready; k++)
            {
                events.Add(new(TraceEventKind.OperationEnded, time += 300, IdOf(i + k)));
                events.Add(new(TraceEventKind.TaskResumed, time, IdOf(i + k)));
            }

            events.Add(new(TraceEventKind.PollEnded, time += 1000));
            events.Add(new(TraceEventKind.BatchBegan, time += 100, 0, ready));
            for (int k = 0; k < ready; k++)
            {
                AddStep(events, IdOf(i + k), ref time);
            }

            i += ready;
        }

        return events;
    }

    private static long IdOf(int request) => 1 + (request % Connections);

    private static void AddStep(List<TraceEvent> events, long id, ref long time)
    {
        events.Add(new(TraceEventKind.StepBegan, time, id));
        for (int state = 10; state < 14; state++)
        {
            events.Add(new(TraceEventKind.StateChanged, time += 700, id, 0, state, 20));
        }

        events.Add(new(TraceEventKind.StepEnded, time += 900, id));
        events.Add(new(TraceEventKind.OperationBegan, time, id, 0, 15));
        events.Add(new(TraceEventKind.TaskAwaits, time, id, 0, 15, 16));
    }
}
