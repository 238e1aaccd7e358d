using System.Diagnostics.Tracing;
using System.Globalization;

namespace Reactor.Http.Testing;

/// <summary>
/// Tells a watch what the thread of its loop begins that ends in real time or on another thread: a
/// timer, work for the thread pool, which is also how files are read, a connection, a resolution of
/// a host name. The events of the runtime are written on the thread that begins it.
/// </summary>
/// <remarks>
/// <para>
/// Rejected: to look at awaits only. An await of a task that has ended does not suspend, and no
/// code but the compiler's sees it; whether it has ended is chance.
/// </para>
/// <para>
/// Not seen: a thread that a test starts itself, and code that reads the clock. Without
/// <c>EventSourceSupport</c>, as ahead of time, nothing is seen. Any thread.
/// </para>
/// </remarks>
internal static class ForeignStarts
{
    private const string RuntimeSource = "System.Diagnostics.Eventing.FrameworkEventSource";
    private const string SocketSource = "System.Net.Sockets";
    private const string NameSource = "System.Net.NameResolution";

    /// <summary>The keywords ThreadPool and ThreadTransfer; the latter has the timers.</summary>
    private const EventKeywords RuntimeKeywords = (EventKeywords)0x12;

    /// <summary>
    /// No test takes as long, so a timer that is due later, such as that of a pool or a factory of
    /// clients, has no part in its outcome.
    /// </summary>
    private const int TimerMsMax = 30_000;

    private static readonly TimeSpan s_poolMax = TimeSpan.FromSeconds(1);

    private static readonly Lock s_lock = new();

    [ThreadStatic] private static ForeignWatch? t_watch;

    private static Listener? s_listener;

    /// <summary>Listens from now on, in the whole process. Idempotent.</summary>
    public static void Begin()
    {
        lock (s_lock)
        {
            if (s_listener is not null)
            {
                return;
            }

            s_listener = new Listener();
            // The pool sees at its next work that there is a listener.
            using var hasRun = new ManualResetEventSlim();
#pragma warning disable RS0030 // the pool itself is meant
            ThreadPool.UnsafeQueueUserWorkItem(
                static hasRun => hasRun.Set(), hasRun, preferLocal: false);
#pragma warning restore RS0030
            hasRun.Wait(s_poolMax);
        }
    }

    /// <summary>The watch of the loop that runs on this thread; null: none runs.</summary>
    public static void Watch(ForeignWatch? watch) => t_watch = watch;

    private static void OnEvent(EventWrittenEventArgs written)
    {
        if (t_watch is { } watch && Describe(written) is { } what)
        {
            watch.NoteStart(what);
        }
    }

    private static string? Describe(EventWrittenEventArgs written) => written.EventName switch
    {
        "ThreadPoolEnqueueWork" when !JobSubmission.IsUnderWay => "work for the thread pool",
        "ThreadTransferSend" when written.Payload is [_, _, _, _, int dueMs, ..]
            && dueMs is >= 0 and < TimerMsMax => string.Create(
                CultureInfo.InvariantCulture, $"a timer of {dueMs} ms of real time"),
        "ConnectStart" => "a connection of the real network",
        "ResolutionStart" => "a resolution of a host name",
        _ => null,
    };

    private sealed class Listener : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == RuntimeSource)
            {
                EnableEvents(eventSource, EventLevel.Verbose, RuntimeKeywords);
            }
            else if (eventSource.Name is SocketSource or NameSource)
            {
                EnableEvents(eventSource, EventLevel.Informational);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            OnEvent(eventData);
    }
}
