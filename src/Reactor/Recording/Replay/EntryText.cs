using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Entries of a recording in words, for the report of a difference. Any thread.
/// </summary>
internal static class EntryText
{
    private const int BytesShownMax = 60;
    private const string Poll = "a poll";

    /// <summary>The next entry of a reader.</summary>
    public static string Of(EntryReader reader)
    {
        RecordedEntry e = reader.Entry;
        return e.Kind switch
        {
            EntryKind.None => "the end of the recording",
            EntryKind.Clock => "a reading of the clock",
            EntryKind.WallClock => "a reading of the wall clock",
            EntryKind.PollForever => OfPoll(null),
            EntryKind.PollNow => OfPoll(TimeSpan.Zero),
            EntryKind.PollUntil => OfPoll(new TimeSpan(e.Value)),
            EntryKind.Wait or EntryKind.WaitDone => $"a wait of object {e.Object}",
            EntryKind.Receive => $"a receive of socket {e.Object} into {e.Length} bytes: "
                + $"{e.DataLength} bytes, {OfBytes(reader.Data)}",
            EntryKind.ReceiveMasked or EntryKind.ReceiveFailed =>
                $"a receive of socket {e.Object} into {e.Length} bytes: {e.Error}",
            EntryKind.Send or EntryKind.SendPart or EntryKind.SendAll or EntryKind.SendAllDone =>
                $"a send of {e.Length} bytes of socket {e.Object}, with the check sum {e.Sum:x8}",
            EntryKind.Listen => $"a listener on {e.Address} with {e.Text}",
            EntryKind.ListenSocket => $"a listener on {e.Text}",
            EntryKind.Connect or EntryKind.ConnectDone => $"a connection to {e.Address}",
            EntryKind.Close => $"a close{(e.Value != 0 ? " with a reset" : "")} of object "
                + $"{e.Object}",
            EntryKind.EndSend => $"the end of the stream of socket {e.Object}",
            EntryKind.Accept or EntryKind.AcceptFailed or EntryKind.AcceptLast
                or EntryKind.AcceptLastFailed => $"an accept of listener {e.Object}",
            EntryKind.RandomInteger =>
                $"a random number from {e.Length} to below {e.Bound}",
            EntryKind.RandomMasked => $"{e.Value} random bytes",
            EntryKind.Watch => OfWatch(e.Text!),
            EntryKind.ListenSignal => OfListenSignal(e.Value),
            EntryKind.Between => "messages of other threads between two runs",
            EntryKind.RandomBits => "a random fraction",
            EntryKind.RandomBytes => $"{e.DataLength} random bytes",
            EntryKind.Message => $"the message {OfMessage(e.Text!, e.Value)}",
            EntryKind.Signal => $"the signal {e.Value}",
            EntryKind.Interest => $"the interest {e.Value} of watch {e.Object}",
            EntryKind.Threw => $"a call of kind {(EntryKind)e.Value} that threw {e.Text}: "
                + e.Message,
            EntryKind.Reported => $"a report of the driver: {e.Text}",
            EntryKind.HasEnded => OfTask(e.Value != 0),
            EntryKind.IsCancelled => OfToken(e.Value != 0),
            EntryKind.ForeignWait => OfForeignWait(e.Value),
            EntryKind.End => "the close of the loop",
            _ => $"{e.Kind} of object {e.Object}",
        };
    }

    public static string OfMessage(string kind, long number) =>
        number == 0 ? kind : $"{kind} {number}";

    public static string OfPoll(TimeSpan? deadline) => deadline is not { } moment
        ? $"{Poll} without a deadline"
        : moment == TimeSpan.Zero ? $"{Poll} that does not wait" : $"{Poll} until {moment}";

    /// <summary>True for a text of <see cref="OfPoll"/>.</summary>
    public static bool IsPoll(string text) => text.StartsWith(Poll, StringComparison.Ordinal);

    public static string OfWatch(string handle) => $"a watch of a {handle}";

    public static string OfTask(bool hasEnded) => hasEnded
        ? "a foreign task that had ended" : "a foreign task that had not ended";

    public static string OfToken(bool isCancelled) => isCancelled
        ? "a token that was cancelled" : "a token that was not cancelled";

    public static string OfForeignWait(long task) =>
        $"task {task} waits for a foreign object, such as a Task without OnLoop(), that had not "
        + "ended";

    public static string OfListenSignal(long signal) =>
        $"a handler for the signal {(PosixSignal)signal}";

    /// <summary>A listener on a socket, by what is the same in another run.</summary>
    public static string OfListener(Socket socket, ListenOptions options)
    {
        string address = socket.LocalEndPoint is IPEndPoint ip ? $"{ip.Address}" : "no address";
        return $"a {socket.AddressFamily} socket on {address} with {options}";
    }

    /// <summary>The first bytes, as text.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte one in bytes[..Math.Min(bytes.Length, BytesShownMax)])
        {
            text.Append(one switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                >= 0x20 and < 0x7F => ((char)one).ToString(),
                _ => $"\\x{one:x2}",
            });
        }

        return text.Append(bytes.Length > BytesShownMax ? "…\"" : "\"").ToString();
    }
}
