using System.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// A run from its first connection to its last response: warm-up, window, drain. Phases are timed
/// by the loop's clock. An interruption ends the current phase; the drain still follows. Loop
/// thread only.
/// </summary>
/// <param name="plan">The parameters.</param>
/// <param name="target">The address.</param>
/// <param name="interruption">Ends the run early on completion.</param>
/// <param name="progress">Called each second, or null.</param>
internal sealed class LoadRun(
    LoadPlan plan, EndPoint target, Future interruption, Action<LoadProgress>? progress = null)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly EventLoop _loop = EventLoop.Current;
    private readonly Measurement _measurement = new(EventLoop.Current);
    private TimerHandle? _tick;
    private long _tickResponses;
    private int _ticks;

    /// <summary>Runs the measurement.</summary>
    public async Coroutine<LoadResult> Run()
    {
        TimeSpan begun = _loop.Time;
        if (plan.WarmUp == TimeSpan.Zero)
        {
            _measurement.BeginWindow(); // before anything is sent
        }

        LoopTask[] connections = [.. Enumerable.Range(0, plan.Connections).Select(Connect)];
        ArmTick(begun);
        if (plan.WarmUp > TimeSpan.Zero)
        {
            await PassUntil(begun + plan.WarmUp);
            _measurement.BeginWindow();
        }

        var sampler = new RateSampler(_loop, _measurement);
        sampler.Start();
        await PassUntil(_loop.Time + plan.Duration);
        sampler.Stop();
        _measurement.EndWindow();
        _tick?.Cancel();
        await EventLoop.Wait(connections, timeout: plan.Drain);
        foreach (LoopTask connection in connections)
        {
            connection.Cancel();
        }

        await EventLoop.Wait(connections);
        if (connections.FirstOrDefault(one => !one.IsCancelled && one.Exception is not null) is
            { } broken)
        {
            throw new InvalidOperationException("A connection's task failed.", broken.Exception);
        }

        return new LoadResult
        {
            Run = plan.Description,
            Elapsed = _measurement.Elapsed,
            Measured = _measurement.Measured,
            WarmUp = _measurement.WarmUp,
            Times = _measurement.Times,
            Rates = sampler.Rates,
            Connects = _measurement.Connects,
            Reconnects = _measurement.Reconnects,
            IsInterrupted = interruption.IsDone,
        };
    }

    private LoopTask Connect(int number) => _loop.CreateTask(
        new LoadConnection(_loop, plan, target, _measurement).Run(), $"load-{number}");

    private async Coroutine PassUntil(TimeSpan moment) =>
        await EventLoop.Wait([interruption], timeout: moment - _loop.Time);

    private void ArmTick(TimeSpan begun)
    {
        if (progress is not null)
        {
            _tick = _loop.CallAt(begun + (s_second * ++_ticks), () => Tick(begun));
        }
    }

    private void Tick(TimeSpan begun)
    {
        long rate = _measurement.Responses - _tickResponses;
        _tickResponses = _measurement.Responses;
        Distribution times = _measurement.Times.Response;
        progress!(new LoadProgress(
            s_second * _ticks,
            rate,
            CountErrors(),
            times.Count == 0 ? null : times.Percentile(99)));
        ArmTick(begun);
    }

    private long CountErrors() =>
        _measurement.WarmUp.Failed + _measurement.WarmUp.ConnectErrors +
        _measurement.Measured.Failed + _measurement.Measured.ConnectErrors;
}
