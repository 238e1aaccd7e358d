using System.Text;
using System.Text.Json;

namespace Reactor;

/// <summary>
/// One call on its way to a worker process and back: it waits in the pool, goes to a worker, and
/// posts itself to the loop, which sets the future. When the loop has closed meanwhile, nothing is
/// posted.
/// </summary>
internal abstract class ProcessCall : LoopWork
{
    private protected ProcessCall(ProcessJob job) => Job = job;

    public ProcessJob Job { get; }

    /// <summary>Its place among those that wait; null once it was taken. The pool's lock.</summary>
    public LinkedListNode<ProcessCall>? Place { get; set; }

    /// <summary>The worker that runs it. The pool's lock.</summary>
    public WorkerProcess? Worker { get; set; }

    /// <summary>True once nobody wants its outcome. The pool's lock.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Why there is no result. Its thread in the pool, then the loop thread.</summary>
    public Exception? Error { get; set; }

    /// <summary>Writes job and argument.</summary>
    public abstract void WriteTo(FrameBuffer frames);

    /// <summary>Reads the worker's answer.</summary>
    public abstract void Read(Frame reply);

    /// <summary>Hands the outcome to the loop. Any thread.</summary>
    public abstract void Post();
}

/// <summary>A call with its types, and the future of its caller.</summary>
internal sealed class ProcessCall<TArgument, TResult> : ProcessCall
{
    private readonly ProcessJob<TArgument, TResult> _job;
    private readonly TArgument _argument;
    private readonly Action<int> _noteWorkElsewhere;
    private TResult _result = default!;

    public ProcessCall(
        ProcessPoolState pool,
        CoroutineScheduler scheduler,
        ProcessJob<TArgument, TResult> job,
        TArgument argument,
        Action<int> noteWorkElsewhere)
        : base(job)
    {
        _job = job;
        _argument = argument;
        _noteWorkElsewhere = noteWorkElsewhere;
        Future = new CallFuture(scheduler, pool, this);
    }

    public Promise<TResult> Future { get; }

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

    public override void Post() => Future.Scheduler.PostThreadSafe(this);

    /// <summary>Back on the loop thread: sets the future, unless it was cancelled.</summary>
    public override void Run()
    {
        _noteWorkElsewhere(-1);
        if (Error is null)
        {
            Future.TrySetResult(_result);
        }
        else
        {
            Future.TrySetException(Error);
        }
    }

    /// <summary>A future whose cancellation reaches the worker.</summary>
    private sealed class CallFuture(
        CoroutineScheduler scheduler,
        ProcessPoolState pool,
        ProcessCall<TArgument, TResult> call) : Promise<TResult>(scheduler)
    {
        /// <inheritdoc/>
        public override bool Cancel(string? message = null)
        {
            if (!base.Cancel(message))
            {
                return false;
            }

            if (pool.Abandon(call))
            {
                call._noteWorkElsewhere(-1); // it never left, so it will not come back
            }

            return true;
        }
    }
}
