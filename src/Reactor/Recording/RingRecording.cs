using System.Collections.Concurrent;
using System.Globalization;

namespace Reactor.Recording;

/// <summary>
/// Keeps the events of the last seconds of a running loop in memory, and saves them to a file on
/// request, for an unhandled error or for a signal. Such a file can be drawn and stepped through,
/// but not replayed.
/// </summary>
/// <remarks>
/// A thread of its own takes the events and writes the files; the loop never waits for it. Any
/// thread, except <see cref="Begin"/> and <see cref="Dispose"/>: loop thread only, or while the
/// loop does not run.
/// </remarks>
public sealed class RingRecording : IDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_endTime = TimeSpan.FromSeconds(5);

    private readonly EventLoop _loop;
    private readonly RingRecordingOptions _options;
    private readonly TraceInstrument _instrument;
    private readonly ErrorInstrument _errors;
    private readonly TraceHistory _history;
    private readonly TraceInfo _info;
    private readonly List<TraceEvent> _events = [];
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly ManualResetEventSlim _wake = new();
    private readonly IDisposable? _signal;
    private readonly Thread _thread;
    private volatile bool _isEnding;
    private volatile string? _failure;
    private int _files;

    private RingRecording(EventLoop loop, RingRecordingOptions options)
    {
        _loop = loop;
        _options = options;
        _history = new TraceHistory(options.Span, options.BytesMax);
        _info = new TraceInfo
        {
            Program = ThisProgram.Name,
            Driver = loop.Driver.Name,
            Begin = TimeProvider.System.GetUtcNow(),
            Resolution = loop.Driver.Resolution,
        };
        if (options.SaveOnSignal is { } signal)
        {
            _signal = loop.Driver.ListenSignal(signal, heard =>
            {
                heard.Cancel = true;
                SaveByItself();
            });
        }

        _instrument = TraceInstrument.Attach(loop);
        _errors = new ErrorInstrument(this);
        loop.AddInstrument(_errors);
        _thread = new Thread(Run) { IsBackground = true, Name = "reactor ring recording" };
        _thread.UnsafeStart();
    }

    /// <summary>Why the last file could not be saved, or null.</summary>
    public string? Failure => _failure;

    /// <summary>Files that errors and signals have saved, or tried to save.</summary>
    public int Files => Math.Min(Volatile.Read(ref _files), _options.FilesMax);

    /// <summary>Begins to keep the events of a loop.</summary>
    /// <param name="loop">The loop, which may run already.</param>
    /// <param name="options">The bounds, and when files are saved.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is too small.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no such signal.</exception>
    public static RingRecording Begin(EventLoop loop, RingRecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(options);
        return new RingRecording(loop, options);
    }

    /// <summary>Saves the last seconds to a file, which is made or replaced.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>Completes when the file is written, or fails with the reason.</returns>
    /// <exception cref="ObjectDisposedException">The recording has ended.</exception>
    public Task SaveAsync(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ObjectDisposedException.ThrowIf(_isEnding, this);
        var request = new Request(path);
        _requests.Enqueue(request);
        _wake.Set();
        return request.Done.Task;
    }

    /// <summary>Ends the recording, after the files that were requested. Idempotent.</summary>
    public void Dispose()
    {
        if (!_isEnding)
        {
            _signal?.Dispose();
            _loop.RemoveInstrument(_errors);
            _instrument.Detach();
            _isEnding = true;
            _wake.Set();
            _thread.Join(s_endTime);
        }
    }

    private void SaveByItself()
    {
        int number = Interlocked.Increment(ref _files);
        if (number <= _options.FilesMax && !_isEnding)
        {
            string name = string.Create(
                CultureInfo.InvariantCulture, $"{_loop.Options.Name}-{number}.reactor");
            _requests.Enqueue(new Request(Path.Combine(_options.Folder, name)));
            _wake.Set();
        }
    }

    private void Run()
    {
        while (true)
        {
            bool isLast = _isEnding;
            _wake.Wait(s_every);
            _wake.Reset();
            _events.Clear();
            _instrument.DrainTo(_events);
            _history.Add(_events);
            while (_requests.TryDequeue(out Request? request))
            {
                Save(request);
            }

            if (isLast)
            {
                return;
            }
        }
    }

    private void Save(Request request)
    {
        try
        {
            var events = new List<TraceEvent>();
            _history.CopyTo(events);
            using FileStream file = PrivateFile.Create(request.Path);
            RecordingFile.Save(file, new LoopTrace(_info, _instrument.Names, events));
            request.Done.SetResult();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or NotSupportedException or ArgumentException)
        {
            _failure = error.Message;
            request.Done.SetException(error);
            _ = request.Done.Task.Exception; // nothing may await a file that saves itself
        }
    }

    private sealed class ErrorInstrument(RingRecording recording) : ILoopInstrument
    {
        void ILoopInstrument.ErrorReported(LoopErrorContext error)
        {
            if (recording._options.SaveOnError)
            {
                recording.SaveByItself();
            }
        }
    }

    private sealed class Request(string path)
    {
        public string Path => path;

        public TaskCompletionSource Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
