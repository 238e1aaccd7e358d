namespace Reactor;

/// <summary>
/// One place in a pool: a thread of this process that has a worker process, or will start one at
/// the next call, and gives it the calls, one after the other.
/// </summary>
/// <remarks>
/// A thread that blocks, because a pipe on Unix can only be waited for that way, or with a poll of
/// our own; a worker process costs a hundred times a thread. It is a background thread: the end of
/// this process is not held up, and the workers see it in their pipes.
/// </remarks>
internal sealed class WorkerSlot(ProcessPoolState pool, ProcessPoolOptions options)
{
    private WorkerProcess? _worker;

    /// <summary>
    /// The process that starts or runs a call, so that it must be killed to end at once. The
    /// pool's lock.
    /// </summary>
    public WorkerProcess? Busy { get; set; }

    public void Start() =>
        new Thread(Run) { IsBackground = true, Name = "reactor-pool" }.UnsafeStart();

    private void Run()
    {
        while (pool.WaitForCall() is { } call)
        {
            try
            {
                Serve(call);
            }
            catch (Exception error)
            {
                call.Error = error; // the call's misfortune, never the pool's
            }

            // Guarded, as the end of a worker asks the system: a thread of ours must not throw.
            bool mustEnd = pool.Finish(this, call);
            if (mustEnd || _worker?.JobsDone >= options.JobsPerWorkerMax)
            {
                ThrownWork.Run(() => EndWorker(isPolite: !mustEnd));
            }
        }

        ThrownWork.Run(() => EndWorker(isPolite: true));
        pool.Remove(this);
    }

    private void Serve(ProcessCall call)
    {
        // Before a worker is touched: an argument that cannot be written costs none.
        var frames = new FrameBuffer(options.MessageBytesMax);
        call.WriteTo(frames);
        WorkerProcess worker = HaveWorker();
        pool.Begin(this, call, worker);
        Frame reply;
        try
        {
            reply = worker.Call(frames);
        }
        catch (Exception error) when (WorkerProcess.IsEndOfTalk(error))
        {
            bool isForeign = error is InvalidDataException;
            WorkerEnd end = EndWorker(isPolite: !isForeign)!.Value;
            pool.ThrowIfUseless(); // then that is why
            throw new WorkerDiedException(call.Job.Name, end, isForeign ? error : null);
        }

        call.Read(reply);
    }

    private WorkerProcess HaveWorker()
    {
        if (_worker is { HasExited: true })
        {
            EndWorker(isPolite: true); // it died while it had nothing to do
        }

        while (_worker is null)
        {
            pool.ThrowIfUseless();
            try
            {
                WorkerProcess worker = WorkerProcess.Start(options);
                pool.NoteStarting(this, worker);
                worker.Greet();
                pool.NoteStarted();
                _worker = worker;
            }
            catch (WorkerStartException failure)
            {
                pool.NoteStartFailure(failure);
            }
        }

        return _worker;
    }

    private WorkerEnd? EndWorker(bool isPolite)
    {
        WorkerProcess? worker = _worker;
        _worker = null; // also if its end cannot be had
        return worker?.End(isPolite);
    }
}
