using System.Text;
using System.Text.Json;

namespace Reactor;

/// <summary>
/// A call: waits in the pool, runs on a worker, then posts itself to the loop, unless that has
/// closed, to set the future.
/// </summary>
internal abstract class ProcessCall(ProcessJob job) : LoopWork
{
    public ProcessJob Job => job;

    /// <summary>
    /// The entry in the waiting list; null once taken. Guarded by the pool's lock.
    /// </summary>
    public LinkedListNode<ProcessCall>? Place { get; set; }

    /// <summary>The worker that runs the call. Guarded by the pool's lock.</summary>
    public WorkerProcess? Worker { get; set; }

    /// <summary>True once the future was cancelled. Guarded by the pool's lock.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The failure. Used by the slot's thread, then by the loop thread.</summary>
    public Exception? Error { get; set; }

    public abstract void WriteTo(FrameBuffer frames);

    public abstract void Read(Frame reply);

    public abstract void Post();
}

internal sealed class ProcessCall<TArgument, TResult> : ProcessCall
{
    private readonly ProcessJob<TArgument, TResult> _job;
    private readonly TArgument _argument;
    private readonly IJobRoute _route;
    private readonly long _number;
    private TResult _result = default!;

    public ProcessCall(
        ProcessPoolState pool, CoroutineScheduler scheduler, ProcessJob<TArgument, TResult> job,
        TArgument argument, IJobRoute route)
        : base(job)
    {
        _job = job;
        _argument = argument;
        _route = route;
        _number = scheduler.NextJobNumber();
        Future = new CallFuture(scheduler, pool, this);
    }

    public Promise<TResult> Future { get; }

    /// <inheritdoc/>
    internal override MessageKey MessageKey => new("process job", _number);

    public override void WriteTo(FrameBuffer frames)
    {
        frames.Add(FrameKind.Job, Encoding.UTF8.GetBytes(_job.Name));
        _job.WriteArgument(_argument, frames);
    }

    public override void Read(Frame reply)
    {
        if (reply.Kind == FrameKind.Result)
        {
            _result = _job.ReadResult(reply.Payload);
            return;
        }

        RemoteError error = JsonSerializer.Deserialize(
            reply.Payload, FrameJson.Default.RemoteError)!;
        Error = new RemoteJobException(_job.Name, error);
    }

    public override void Post() => _route.BringBack(this, Future.Scheduler);

    /// <summary>On the loop thread: sets the future, unless it was cancelled.</summary>
    public override void Run()
    {
        _route.OnBack(this);
        if (Error is null)
        {
            Future.TrySetResult(_result);
        }
        else
        {
            Future.TrySetException(Error);
        }
    }

    private sealed class CallFuture(
        CoroutineScheduler scheduler, ProcessPoolState pool,
        ProcessCall<TArgument, TResult> call) : Promise<TResult>(scheduler)
    {
        /// <inheritdoc/>
        public override bool Cancel(string? message = null)
        {
            bool isCancelled = base.Cancel(message);
            if (isCancelled && pool.Abandon(call))
            {
                call._route.OnGivenUp(call);
            }

            return isCancelled;
        }
    }
}
