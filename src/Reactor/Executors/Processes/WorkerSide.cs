using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Reactor;

/// <summary>
/// The worker process: runs one job at a time on its main thread and ends with the pipe from its
/// pool.
/// </summary>
/// <remarks>
/// A second thread reads the pipe, so that a busy worker notices the end of its pool at once, even
/// after SIGKILL. Rejected: Linux's PR_SET_PDEATHSIG, which fires when the <em>thread</em> that
/// started the worker ends.
/// </remarks>
internal sealed class WorkerSide
{
    // The pool sends a call after the reply to the last, so there is at most one.
    private readonly BlockingCollection<(string Job, byte[] Argument)> _calls = new(1);
    private readonly ProcessJobs _jobs;
    private readonly WorkerSettings _settings;
    private readonly Stream _input;
    private readonly Stream _output;
    private int _unanswered;

    private WorkerSide(ProcessJobs jobs, WorkerSettings settings)
    {
        _jobs = jobs;
        _settings = settings;
        (_input, _output) = WorkerPipes.Take();
    }

    public static void Run(ProcessJobs jobs, WorkerSettings settings)
    {
        // A terminal sends Ctrl+C to all its processes; the pool's process handles it.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, static signal => signal.Cancel = true);
        new WorkerSide(jobs, settings).Serve();
    }

    private void Serve()
    {
        var frames = new FrameBuffer(_settings.MessageBytesMax);
        frames.Add(FrameKind.Hello, Frame.Magic);
        _output.Write(frames.Frames);
        _output.Flush();
        new Thread(Watch) { IsBackground = true, Name = "worker-watch" }.Start();
        foreach ((string job, byte[] argument) in _calls.GetConsumingEnumerable())
        {
            Answer(job, argument);
        }
    }

    private void Answer(string name, byte[] argument)
    {
        var reply = new FrameBuffer(_settings.MessageBytesMax);
        try
        {
            if (!_jobs.TryFind(name, out ProcessJob? job))
            {
                throw new KeyNotFoundException(
                    $"The worker knows no job '{name}': fill its ProcessJobs before RunWorker, "
                    + "with the same names as in the pool's program.");
            }

            job.Run(argument, reply);
        }
        catch (Exception error)
        {
            reply.Clear();
            reply.Add(FrameKind.Error, RemoteError.Of(error), FrameJson.Default.RemoteError);
        }

        // Before the reply is sent: the pool may close the pipe on receipt.
        Interlocked.Decrement(ref _unanswered);
        try
        {
            _output.Write(reply.Frames);
            _output.Flush();
        }
        catch (IOException)
        {
            // The pool has ended; the other thread notices it too.
        }
    }

    private void Watch()
    {
        try
        {
            while (Frame.Read(_input, _settings.MessageBytesMax) is { Kind: FrameKind.Job } job
                && Frame.Read(_input, _settings.MessageBytesMax) is { } argument)
            {
                Interlocked.Increment(ref _unanswered);
                _calls.Add((Encoding.UTF8.GetString(job.Payload), argument.Payload));
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            // The pipe is broken or invalid: end.
        }

        End();
    }

    /// <summary>
    /// Idle: Main returns. Busy: exits from here. In both cases kills the process after the time
    /// limit, because the pool may have ended.
    /// </summary>
    private void End()
    {
        _calls.CompleteAdding();
        if (Volatile.Read(ref _unanswered) > 0)
        {
            new Thread(static () => Environment.Exit(1)) { IsBackground = true }.Start();
        }

        using var never = new ManualResetEventSlim();
        never.Wait(_settings.ShutdownTimeout);
        using Process self = Process.GetCurrentProcess();
        self.Kill();
    }
}
