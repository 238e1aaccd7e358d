using System.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// A run from its first connection to its last response: warm-up, window, drain. Phases are timed
/// by the loop's clock. An interruption ends the current phase; the drain still follows. Loop
/// thread only.
/// </summary>
internal sealed class LoadRun
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly EventLoop _loop;
    private readonly LoadPlan _plan;
    private readonly EndPoint _target;
    private readonly Future _interruption;
    private readonly Action<string>? _progress;
    private readonly Measurement _measurement;
    private readonly RateSampler _sampler;
    private TimerHandle? _tick;
    private long _tickResponses;
    private int _ticks;

    /// <summary>Prepares a run on the current loop.</summary>
    /// <param name="plan">The parameters.</param>
    /// <param name="target">The address.</param>
    /// <param name="interruption">Ends the run early on completion.</param>
    /// <param name="progress">Receives a line each second, or null.</param>
    public LoadRun(
        LoadPlan plan, EndPoint target, Future interruption, Action<string>? progress = null)
    {
        _loop = EventLoop.Current;
        _plan = plan;
        _target = target;
        _interruption = interruption;
        _progress = progress;
        _measurement = new Measurement(_loop);
        _sampler = new RateSampler(_loop, _measurement);
    }

    /// <summary>Runs the measurement.</summary>
    public async Coroutine<LoadResult> Run()
    {
        TimeSpan begun = _loop.Time;
        if (_plan.WarmUp == TimeSpan.Zero)
        {
            _measurement.BeginWindow(); // before anything is sent
        }

        LoopTask[] connections = [.. Enumerable.Range(0, _plan.Connections).Select(Connect)];
        ArmTick(begun);
        if (_plan.WarmUp > TimeSpan.Zero)
        {
            await PassUntil(begun + _plan.WarmUp);
            _measurement.BeginWindow();
        }

        _sampler.Start();
        await PassUntil(_loop.Time + _plan.Duration);
        _sampler.Stop();
        _measurement.EndWindow();
        _tick?.Cancel();
        await EventLoop.Wait(connections, timeout: _plan.Drain);
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
            Plan = _plan,
            Elapsed = _measurement.Elapsed,
            Measured = _measurement.Measured,
            WarmUp = _measurement.WarmUp,
            ServiceTimes = _measurement.ServiceTimes,
            Rates = _sampler.Rates,
            Connects = _measurement.Connects,
            Reconnects = _measurement.Reconnects,
            IsInterrupted = _interruption.IsDone,
        };
    }

    private LoopTask Connect(int number) => _loop.CreateTask(
        new LoadConnection(_loop, _plan, _target, _measurement).Run(), $"load-{number}");

    private async Coroutine PassUntil(TimeSpan moment) =>
        await EventLoop.Wait([_interruption], timeout: moment - _loop.Time);

    private void ArmTick(TimeSpan begun)
    {
        if (_progress is not null)
        {
            _tick = _loop.CallAt(begun + (s_second * ++_ticks), () => Tick(begun));
        }
    }

    private void Tick(TimeSpan begun)
    {
        long rate = _measurement.Responses - _tickResponses;
        _tickResponses = _measurement.Responses;
        string p99 = WrkUnits.Time(_measurement.ServiceTimes.Percentile(99) / 1000.0);
        _progress!(FormattableString.Invariant(
            $"{_ticks,4}s {rate,9} responses/s  p99 so far {p99}  errors {CountErrors()}"));
        ArmTick(begun);
    }

    private long CountErrors() =>
        _measurement.WarmUp.Errors + _measurement.WarmUp.ConnectErrors +
        _measurement.Measured.Errors + _measurement.Measured.ConnectErrors;
}
