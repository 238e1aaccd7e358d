using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Writes the entries that several kinds of recorded objects share. A call that has an effect is
/// written before it, as completions may follow inside it; any other call after it, with its
/// outcome. Loop thread only.
/// </summary>
internal static class RecordedCalls
{
    public static void Completed(
        this LoopRecording recording, EntryKind kind, int number, SocketError result)
    {
        if (recording.IsOn)
        {
            recording.Log.Begin(kind, number);
            recording.Log.Error(result);
            recording.Log.Commit();
        }
    }

    public static void Effect(this LoopRecording recording, EntryKind kind, int number)
    {
        if (recording.IsOn)
        {
            recording.Log.Begin(kind, number);
            recording.Log.Commit();
        }
    }

    /// <param name="recording">The recording.</param>
    /// <param name="kind">The kind of the entry.</param>
    /// <param name="number">The object.</param>
    /// <param name="value">From 0 to 127.</param>
    public static void Effect(this LoopRecording recording, EntryKind kind, int number, int value)
    {
        if (recording.IsOn)
        {
            recording.Log.Begin(kind, number);
            recording.Log.Number((ulong)value);
            recording.Log.Commit();
        }
    }

    public static bool Flag(this LoopRecording recording, EntryKind kind, int number, bool answer)
    {
        recording.Effect(kind, number, answer ? 1 : 0);
        return answer;
    }

    public static void Answer(
        this LoopRecording recording, EntryKind kind, int number, long answer)
    {
        if (recording.IsOn)
        {
            recording.Log.Begin(kind, number);
            recording.Log.Signed(answer);
            recording.Log.Commit();
        }
    }

    public static long? AnswerOrNull(
        this LoopRecording recording, EntryKind kind, int number, long? answer)
    {
        recording.Answer(kind, number, answer ?? -1);
        return answer;
    }

    public static EndPoint? Address(
        this LoopRecording recording, EntryKind kind, int number, EndPoint? address)
    {
        if (recording.IsOn)
        {
            recording.Log.Begin(kind, number);
            EndPointCodec.Write(recording.Log, address);
            recording.Log.Commit();
        }

        return address;
    }

    public static void Listening(
        this LoopRecording recording, EndPoint endPoint, ListenOptions options)
    {
        if (recording.IsOn)
        {
            recording.Log.Begin(EntryKind.Listen);
            EndPointCodec.Write(recording.Log, endPoint);
            recording.Log.Text(options.ToString());
            recording.Log.Commit();
        }
    }

    public static void Connecting(
        this LoopRecording recording, DriverConnect connect, EndPoint endPoint, EndPoint? local)
    {
        if (recording.IsOn)
        {
            bool isPending = connect.IsInFlight;
            recording.Log.Begin(isPending ? EntryKind.Connect : EntryKind.ConnectDone);
            EndPointCodec.Write(recording.Log, endPoint);
            EndPointCodec.Write(recording.Log, local);
            recording.Log.Error(isPending ? SocketError.Success : connect.Result);
            recording.Log.Commit();
        }
    }

    public static void Text(this LoopRecording recording, EntryKind kind, Func<string> text)
    {
        if (recording.IsOn)
        {
            recording.Log.Begin(kind);
            recording.Log.Text(text());
            recording.Log.Commit();
        }
    }

    /// <summary>Makes a call of the driver, and records what it throws.</summary>
    public static T OrThrew<T>(
        this LoopRecording recording, EntryKind kind, int number, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error)
        {
            recording.Threw(kind, number, error);
            throw;
        }
    }

    /// <summary>Begins or joins a wait of an object of the driver.</summary>
    public static OperationAwaitable WaitAsync<T>(
        this LoopRecording recording, RecordedOperation operation, int number, T inner,
        Func<T, OperationAwaitable> wait)
    {
        if (operation.IsInFlight)
        {
            return new OperationAwaitable(operation);
        }

        OperationAwaitable begun;
        try
        {
            begun = wait(inner); // without a closure: it is on the path of each request
        }
        catch (Exception error)
        {
            recording.Threw(EntryKind.Wait, number, error);
            throw;
        }

        if (begun.IsCompleted)
        {
            recording.Completed(EntryKind.WaitDone, number, begun.Result);
            operation.CompleteAtOnce(begun.Result);
        }
        else
        {
            recording.Effect(EntryKind.Wait, number);
            operation.Follow(begun);
        }

        return new OperationAwaitable(operation);
    }
}
