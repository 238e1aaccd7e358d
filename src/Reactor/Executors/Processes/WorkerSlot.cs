namespace Reactor;

/// <summary>
/// One place in a pool: a thread that owns a worker process, starts it on demand and sends it one
/// call after another. A blocking thread, which costs a hundredth of a worker process.
/// </summary>
internal sealed class WorkerSlot(ProcessPoolState pool, ProcessPoolOptions options)
{
    private WorkerProcess? _worker;

    /// <summary>The worker that starts or runs a call. Guarded by the pool's lock.</summary>
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
                call.Error = error; // fails the call, not the pool
            }

            // Waiting for a process may throw, and this thread must not.
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
        // First, so that an argument that cannot be written costs no worker.
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
            pool.ThrowIfUseless(); // a broken or disposed pool is the cause
            throw new WorkerDiedException(call.Job.Name, end, isForeign ? error : null);
        }

        call.Read(reply);
    }

    private WorkerProcess HaveWorker()
    {
        if (_worker is { HasExited: true })
        {
            EndWorker(isPolite: true); // it died while idle
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
        _worker = null; // even if End throws
        return worker?.End(isPolite);
    }
}
