using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Runs a program on a recording of itself: clock, completions, received bytes and random numbers
/// are those of the file, in their turns. The first call that differs stops the replay.
/// </summary>
/// <remarks>
/// <para>
/// It opens no socket and never waits for time. Code that does not use the driver runs again: what
/// it reads elsewhere, such as a file or <c>DateTime.Now</c>, must be the same.
/// </para>
/// <para>Threads as in <see cref="LoopDriver"/>.</para>
/// </remarks>
public sealed class LoopReplay : LoopDriver
{
    private readonly LoopReplayOptions _options;
    private readonly ReplayMatcher _log;
    private readonly ReplayMessages _messages;
    private readonly Random _random;
    private ReplayedEvents? _events;
    private EventLoop? _loop;
    private long _nowTicks;
    private long _wallClock;

    private LoopReplay(RecordingFile file, LoopReplayOptions options)
    {
        _options = options;
        Header = file.Header;
        _log = new ReplayMatcher(file, work => Scheduler.Post(work))
        {
            Report = requested => ReplayReport.Make(null, _log!, requested, held: ""),
            OnReported = message => Scheduler.Report(new LoopErrorContext { Message = message }),
        };
        _messages = new ReplayMessages(_log, options.MessageTimeout);
        _random = new ReplayRandom(_log);
        _wallClock = file.Header.BeganAt.UtcTicks;
    }

    /// <summary>What was recorded.</summary>
    public RecordingHeader Header { get; }

    /// <summary>The first difference, or null.</summary>
    public LoopReplayException? Difference => _log.Difference;

    /// <summary>True once every entry of the recording was matched.</summary>
    public bool HasEnded => _log.HasEnded;

    /// <summary>
    /// Why the file does not hold the whole run, in one sentence; null: it does. Complete once
    /// <see cref="HasEnded"/>.
    /// </summary>
    public string? Shortfall => _log.Shortfall;

    /// <summary>The byte from which the file is damaged or incomplete, or null.</summary>
    public long? DamagedAt => _log.DamagedAt;

    /// <summary>Number of matched entries.</summary>
    public long Entries => _log.Entries;

    /// <summary>Number of turns of the loop so far.</summary>
    public long Turns => _loop?.TurnCount ?? 0;

    /// <inheritdoc/>
    public override string Name => Header.Driver;

    /// <inheritdoc/>
    public override TimeSpan Resolution => Header.Resolution;

    /// <inheritdoc/>
    public override bool IsPollCostly => Header.IsPollCostly;

    /// <inheritdoc/>
    public override TimeSpan Now => new(Read(ref _nowTicks, EntryKind.Clock, "the time"));

    /// <inheritdoc/>
    internal override TimeSpan ObservedNow => new(Volatile.Read(ref _nowTicks));

    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => new(
        Read(ref _wallClock, EntryKind.WallClock, "the wall time"), TimeSpan.Zero);

    /// <inheritdoc/>
    public override Random Random => _random;

    /// <inheritdoc/>
    internal override MessageGate Gate => _messages;

    /// <summary>Opens a recording.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="RecordingException">
    /// It is no recording, of another version, masked, or began later than its loop.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static LoopReplay Open(string path, LoopReplayOptions? options = null)
    {
        RecordingFile file = RecordingFile.Open(path);
        if (file.Header.ReplayObstacle is { } obstacle)
        {
            file.Dispose();
            throw new RecordingException(obstacle);
        }

        try
        {
            return new LoopReplay(file, options ?? new LoopReplayOptions());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs a program that makes a loop on this driver, runs and closes it; returns when the
    /// program or the recording has ended.
    /// </summary>
    /// <param name="program">The program; it gets this driver.</param>
    /// <exception cref="LoopReplayException">
    /// The program differs from the recording, or ended before it.
    /// </exception>
    /// <exception cref="RecordingException">
    /// The loop has other options of the poll, or a block cannot be decoded.
    /// </exception>
    public void Run(Action<LoopDriver> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        try
        {
            program(this);
        }
        catch (LoopReplayEndedException)
        {
            // The normal end of a recording that is shorter than its run.
        }
        catch (Exception) when (Difference is not null || _log.Damage is not null)
        {
            // Thrown below, also if the program has replaced it.
        }

        _log.EndProgram(isClosed: _log.IsClosed);
        if (Difference is not null)
        {
            throw Difference;
        }

        if (_log.Damage is { } damage)
        {
            throw damage;
        }
    }

    /// <summary>
    /// The events of the loop so far, with <see cref="LoopReplayOptions.Events"/>; else none.
    /// </summary>
    /// <exception cref="RecordingException">
    /// There are more than <see cref="TracePart.EventsMax"/>.
    /// </exception>
    public LoopTrace ReadTrace() => _events?.ToTrace(Header)
        ?? new LoopTrace(TraceFile.InfoOf(Header), new TraceNames(), []);

    /// <inheritdoc/>
    public override void Poll(TimeSpan? deadline)
    {
        EntryKind kind = deadline is not { } moment ? EntryKind.PollForever
            : moment == TimeSpan.Zero ? EntryKind.PollNow
            : EntryKind.PollUntil;
        ref readonly RecordedEntry entry = ref _log.Take(kind, 0, "", deadline);
        if (kind == EntryKind.PollUntil && entry.Value != deadline!.Value.Ticks)
        {
            throw _log.Differ(EntryText.OfPoll(deadline));
        }

        _log.Next();
        _log.Deliver();
        _log.ThrowIfThrew(EntryKind.PollForever, 0);
    }

    /// <inheritdoc/>
    public override void Wake() => _messages.Wake();

    /// <inheritdoc/>
    public override DriverListener Listen(EndPoint endPoint, ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(options);
        _log.ThrowIfThrew(EntryKind.Listen, 0);
        string requested = $"a listener on {endPoint} with {options}";
        ref readonly RecordedEntry entry = ref _log.Take(EntryKind.Listen, 0, requested);
        _log.Check(
            EndPointCodec.AreSame(entry.Address, endPoint) && entry.Text == options.ToString(),
            requested);
        _log.Next();
        return _log.Add(new ReplayListener(_log, _log.NextObject));
    }

    /// <inheritdoc/>
    public override DriverListener Listen(Socket socket, ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(options);
        _log.ThrowIfThrew(EntryKind.ListenSocket, 0);
        string text = EntryText.OfListener(socket, options);
        string requested = $"a listener on {text}";
        _log.Check(_log.Take(EntryKind.ListenSocket, 0, requested).Text == text, requested);
        _log.Next();
        return _log.Add(new ReplayListener(_log, _log.NextObject));
    }

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        _log.ThrowIfThrew(EntryKind.Connect, 0);
        string requested = $"a connection to {endPoint}";
        bool isPending = _log.Entry.Kind == EntryKind.Connect;
        ref readonly RecordedEntry entry = ref _log.Take(
            isPending ? EntryKind.Connect : EntryKind.ConnectDone, 0, requested);
        _log.Check(
            EndPointCodec.AreSame(entry.Address, endPoint)
                && EndPointCodec.AreSame(entry.Local, localEndPoint),
            requested);
        SocketError error = entry.Error;
        _log.Next();
        var connect = _log.Add(new ReplayConnect(_log, _log.NextObject));
        connect.Start(isPending ? null : error);
        return connect;
    }

    /// <inheritdoc/>
    public override DriverWatch Watch(SafeHandle handle, LoopWork onReadable, LoopWork onWritable)
    {
        var watch = new ReplayWatch(_log, _log.NextObject, handle, onReadable, onWritable);
        try
        {
            _log.ThrowIfThrew(EntryKind.Watch, 0);
            string name = handle.GetType().Name;
            string requested = EntryText.OfWatch(name);
            _log.Check(_log.Take(EntryKind.Watch, 0, requested).Text == name, requested);
        }
        catch
        {
            watch.Close();
            throw;
        }

        _log.Next();
        watch.Open();
        return _log.Add(watch);
    }

    /// <inheritdoc/>
    internal override void OnRunBegins()
    {
        _log.Owner.Claim(runs: true);
        if (_options.Events && _loop is not null)
        {
            _events ??= new ReplayedEvents(
                _loop, () => Volatile.Read(ref _nowTicks), _options.Part);
        }
    }

    /// <inheritdoc/>
    internal override void OnRunEnds() => _log.Owner.EndRun();

    /// <inheritdoc/>
    internal override IDisposable? HoldSignals()
    {
        _messages.RaiseSignals();
        return null;
    }

    /// <inheritdoc/>
    internal override void OnUsed() => _log.Owner.Claim();

    /// <inheritdoc/>
    internal override IDisposable ListenSignal(
        PosixSignal signal, Action<PosixSignalContext> handler)
    {
        if (_loop is { IsRunning: false })
        {
            _log.Owner.Claim();
        }

        return _messages.Listen(signal, handler);
    }

    /// <inheritdoc/>
    protected internal override void Attach(CoroutineScheduler scheduler)
    {
        if (scheduler is EventLoop loop
            && ReplayReport.OfOptions(Header, loop.Options) is { } sentence)
        {
            throw new RecordingException(sentence);
        }

        base.Attach(scheduler);
        _log.Owner.Claim();
        _loop = scheduler as EventLoop;
        _messages.Loop = _loop;
        _log.Report = requested =>
            ReplayReport.Make(scheduler, _log, requested, _messages.DescribeHeld());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _log.Owner.Claim();
            _log.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A recorded reading; on other threads the last one.</summary>
    private long Read(ref long last, EntryKind kind, string requested)
    {
        if (_log.TryEnter())
        {
            try
            {
                long ticks = _log.Take(kind, 0, requested).Value;
                Volatile.Write(ref last, ticks);
                _log.Next();
            }
            finally
            {
                _log.Owner.Exit();
            }
        }

        return Volatile.Read(ref last);
    }
}
