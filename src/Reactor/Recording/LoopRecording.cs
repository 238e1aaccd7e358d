using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Records everything that a loop asks of its driver, and what came back, to a file that
/// <see cref="LoopReplay"/> runs again. Give it to <see cref="EventLoopOptions.Driver"/>.
/// </summary>
/// <remarks>
/// <para>
/// The loop runs as without it: same turns, polls and readings of the clock. A thread of its own
/// writes the file. At its bound, or if the disk fails or is too slow, the recording ends, and the
/// loop goes on.
/// </para>
/// <para>
/// Threads as in <see cref="LoopDriver"/>. Readings of the clock and random numbers of other
/// threads are not recorded.
/// </para>
/// </remarks>
public sealed class LoopRecording : DelegatingLoopDriver
{
    private static readonly TimeSpan s_closeTime = TimeSpan.FromSeconds(5);

    private readonly OwnerThread _owner = new();
    private readonly LoopRecordingOptions _options;
    private readonly FileStream _file;
    private BlockWriter? _writer;
    private RecordedEvents? _events;
    private RecordedMessages? _messages;
    private RecordedRandom? _random;
    private int _lastObject;
    private long _wallClock;
    private bool _isClosed;
    private string? _endReason;

    /// <summary>Makes the file; the loop begins to write it.</summary>
    /// <param name="inner">The driver behind this one, without a loop yet.</param>
    /// <param name="options">The file and its bounds.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A bound is too small.</exception>
    public LoopRecording(LoopDriver inner, LoopRecordingOptions options) : base(inner)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(
            options.BytesMax, RecordingHeader.PrefixBytes + EndBlock.FileBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(options.QueueBytesMax);
        _options = options;
        _file = PrivateFile.Create(options.Path);
    }

    /// <summary>
    /// Why the recording has ended before its loop, in one sentence; null: it has not. Any thread.
    /// </summary>
    public string? EndReason => Volatile.Read(ref _endReason);

    /// <summary>Bytes of the file, with the block that is being filled as full.</summary>
    public long FileBytes => _writer?.FileBytes ?? 0;

    /// <inheritdoc/>
    public override TimeSpan Now
    {
        get
        {
            TimeSpan now = Inner.Now;
            if (IsOn && _owner.TryEnter())
            {
                Log.Clock(now.Ticks);
                _owner.Exit();
            }

            return now;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset UtcNow
    {
        get
        {
            DateTimeOffset now = Inner.UtcNow;
            if (IsOn && _owner.TryEnter())
            {
                Log.Begin(EntryKind.WallClock);
                Log.Signed(now.UtcTicks - _wallClock);
                Log.Commit();
                _wallClock = now.UtcTicks;
                _owner.Exit();
            }

            return now;
        }
    }

    /// <inheritdoc/>
    public override Random Random => _random ??= new RecordedRandom(
        Inner.Random, _options.Mask, () => IsRecordedThread ? Log : null);

    /// <summary>The log; null before <see cref="Attach"/>.</summary>
    internal EntryBuffer Log { get; private set; } = null!;

    /// <summary>True while calls of the loop are written.</summary>
    internal bool IsOn => Log is { IsOpen: true };

    /// <summary>True on the loop's thread while it is recorded.</summary>
    internal bool IsRecordedThread => _owner.IsCurrent && IsOn;

    /// <summary>True while the loop runs, on its thread.</summary>
    internal bool IsRunning => Scheduler is EventLoop { IsRunning: true };

    internal bool IsMasked => _options.Mask;

    /// <inheritdoc/>
    internal override MessageGate Gate => _messages ??= new RecordedMessages(this);

    internal CompletionScheduler Proxy { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Poll(TimeSpan? deadline)
    {
        if (IsOn)
        {
            BeginPoll(deadline);
        }

        try
        {
            Inner.Poll(deadline);
        }
        catch (Exception error)
        {
            Threw(EntryKind.PollForever, 0, error);
            throw;
        }
    }

    /// <inheritdoc/>
    public override DriverListener Listen(EndPoint endPoint, ListenOptions options)
    {
        DriverListener listener = this.OrThrew(
            EntryKind.Listen, 0, () => Inner.Listen(endPoint, options));
        this.Listening(endPoint, options);
        return new RecordedListener(this, listener, NextObject());
    }

    /// <inheritdoc/>
    public override DriverListener Listen(Socket socket, ListenOptions options)
    {
        DriverListener listener = this.OrThrew(
            EntryKind.ListenSocket, 0, () => Inner.Listen(socket, options));
        this.Text(EntryKind.ListenSocket, () => EntryText.OfListener(socket, options));
        return new RecordedListener(this, listener, NextObject());
    }

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null)
    {
        DriverConnect connect = this.OrThrew(
            EntryKind.Connect, 0, () => Inner.Connect(endPoint, localEndPoint));
        this.Connecting(connect, endPoint, localEndPoint);
        return new RecordedConnect(this, connect, NextObject());
    }

    /// <inheritdoc/>
    public override DriverWatch Watch(SafeHandle handle, LoopWork onReadable, LoopWork onWritable)
    {
        var watch = new RecordedWatch(this, NextObject(), handle, onReadable, onWritable);
        try
        {
            watch.Open(Inner);
        }
        catch (Exception error)
        {
            _lastObject--;
            watch.Close();
            Threw(EntryKind.Watch, 0, error);
            throw;
        }

        this.Text(EntryKind.Watch, () => handle.GetType().Name);
        return watch;
    }

    /// <inheritdoc/>
    internal override void OnRunBegins()
    {
        _owner.Claim(runs: true);
        if (_options.Events && IsOn && Scheduler is EventLoop loop)
        {
            _events ??= new RecordedEvents(loop, _writer!, _options.EventClock);
        }

        base.OnRunBegins();
    }

    /// <inheritdoc/>
    internal override void OnRunEnds()
    {
        _owner.EndRun();
        base.OnRunEnds();
    }

    /// <inheritdoc/>
    internal override IDisposable? HoldSignals() => _messages?.HoldSignals();

    /// <inheritdoc/>
    internal override void OnUsed()
    {
        _owner.Claim();
        base.OnUsed();
    }

    /// <inheritdoc/>
    internal override IDisposable ListenSignal(
        PosixSignal signal, Action<PosixSignalContext> handler)
    {
        if (!IsRunning)
        {
            _owner.Claim();
        }

        _ = Gate;
        return _messages!.Listen(Inner, signal, handler);
    }

    internal int NextObject() => ++_lastObject;

    internal void PostToLoop(LoopWork work) => Scheduler.Post(work);

    /// <summary>Records that a call of a kind, of an object or of none, threw.</summary>
    internal void Threw(EntryKind call, int number, Exception error)
    {
        if (IsOn)
        {
            Log.Begin(EntryKind.Threw);
            Log.Number((ulong)call);
            Log.Number((ulong)number);
            Log.Text(error.GetType().FullName ?? "");
            Log.Signed(error is SocketException failure ? (long)failure.SocketErrorCode : 0);
            Log.Text(IsMasked ? "" : error.Message);
            Log.Commit();
        }
    }

    /// <inheritdoc/>
    protected internal override void Attach(CoroutineScheduler scheduler)
    {
        base.Attach(scheduler); // throws for a second loop, whose entries are not of this file
        _owner.Claim();
        Begin(scheduler);
    }

    private protected override CoroutineScheduler SchedulerOfInner(CoroutineScheduler loop) =>
        Proxy = new CompletionScheduler(loop, RecordReport);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            _owner.Claim();
            if (IsOn)
            {
                Log.Begin(EntryKind.End);
                Log.Commit();
            }

            Log?.Close();
        }

        base.Dispose(disposing);
        if (disposing)
        {
            EndFile();
        }
    }

    private void RecordReport(LoopErrorContext context)
    {
        if (IsRecordedThread)
        {
            this.Text(EntryKind.Reported, () => IsMasked ? "" : context.Message);
        }
    }

    private void EndFile()
    {
        if (_writer is null)
        {
            _file.Dispose();
        }
        else if (!_writer.Complete(s_closeTime))
        {
            OnEnded($"The recording may be incomplete: the disk took more than {s_closeTime}.");
        }
    }

    private void Begin(CoroutineScheduler scheduler)
    {
        RecordingHeader header = RecordedHeader.Of(
            Inner, _options, (scheduler as EventLoop)?.Options);
        _writer = new BlockWriter(_file, _options.BytesMax, _options.QueueBytesMax, OnEnded);
        if (_writer.TryBegin(header.ToBlock()))
        {
            Log = new EntryBuffer(_writer);
        }
    }

    private void BeginPoll(TimeSpan? deadline)
    {
        if (deadline is not { } moment)
        {
            Log.Begin(EntryKind.PollForever);
        }
        else if (moment == TimeSpan.Zero)
        {
            Log.Begin(EntryKind.PollNow);
        }
        else
        {
            Log.Begin(EntryKind.PollUntil);
            Log.Signed(moment.Ticks - Log.LastClock);
        }

        Log.Commit();
    }

    private void OnEnded(string reason)
    {
        if (Interlocked.CompareExchange(ref _endReason, reason, null) is null
            && _options.LoggerFactory is { } factory)
        {
            RecordingLog.Ended(LogQueue.Wrap(factory, "Reactor.Recording"), reason);
        }
    }
}
