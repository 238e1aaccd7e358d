using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Reactor;

/// <summary>
/// The life of a worker process: it runs one job after the other on its main thread and ends when
/// the pipe from its pool does.
/// </summary>
/// <remarks>
/// A second thread reads the pipe, so that a worker that computes learns of the death of its pool
/// at once and goes too. That also covers a pool that was killed with SIGKILL: the kernel closes
/// its pipes. Linux's PR_SET_PDEATHSIG was rejected: it fires when the <em>thread</em> that started
/// the worker ends.
/// </remarks>
internal sealed class WorkerSide
{
    // The pool sends a call when the one before is answered, so there is never more than one.
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

    /// <summary>Serves until the pool wants no more.</summary>
    public static void Run(ProcessJobs jobs, WorkerSettings settings)
    {
        // A terminal sends Ctrl+C to all its processes. What it means is for the pool's process to
        // decide: when that ends, the pipe does.
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
            reply.Add(
                FrameKind.Error, RemoteError.Of(error), FrameJson.Default.RemoteError);
        }

        // Before the answer is out: the pool may close the pipe as soon as it has it.
        Interlocked.Decrement(ref _unanswered);
        try
        {
            _output.Write(reply.Frames);
            _output.Flush();
        }
        catch (IOException)
        {
            // Nobody reads any more, which the other thread sees as well.
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
            // Whatever the pool meant, there is no more to be had from it.
        }

        End();
    }

    /// <summary>
    /// Idle: Main returns, and the program ends as it likes. Busy: nobody waits for the answer, so
    /// it exits from here. Either way it has so much time, and then it is killed, because somebody
    /// who could kill it may be gone.
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
