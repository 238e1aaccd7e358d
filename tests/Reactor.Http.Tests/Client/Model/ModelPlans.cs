namespace Reactor.Http.Tests.Client;

/// <summary>How hostile the servers and the network of a scenario are.</summary>
public enum Weather
{
    /// <summary>
    /// No fault and no limit that could pass: every request that is not cancelled succeeds.
    /// </summary>
    Calm,

    /// <summary>Delays, split writes, short limits, servers that close when they like.</summary>
    Rough,

    /// <summary>Also resets, cut and malformed responses, silence, refused connects.</summary>
    Stormy,
}

/// <summary>How a caller of the model ends its response.</summary>
internal enum CallEnd
{
    ReadAll,

    /// <summary>Reads to the end as a stream, in steps, with pauses.</summary>
    Stream,

    /// <summary>As <see cref="Stream"/>, but gives up reads after short times.</summary>
    GiveUpReads,

    /// <summary>Reads to the end and does not dispose, which is allowed.</summary>
    ReadOnly,

    PartAndDispose,

    DisposeUnread,

    /// <summary>Throws while it has the response, so a <c>using</c> ends it.</summary>
    Throw,

    /// <summary>Neither reads nor disposes: the time limit ends the response.</summary>
    Forget,
}

/// <summary>What is wrong with a content.</summary>
internal enum ContentFlaw
{
    None,

    Throws,

    /// <summary>It writes a byte less than it announced.</summary>
    TooFew,

    /// <summary>It writes a byte more than it announced.</summary>
    TooMany,
}

/// <summary>What a server does on a connection that was idle for its limit.</summary>
internal enum IdleEnd
{
    Close,

    Reset,

    /// <summary>Sends a response that no request asked for, then closes, as Apache does.</summary>
    Timeout408,

    /// <summary>Sends bytes that are no response, and keeps the connection.</summary>
    Junk,
}

/// <summary>The content of a request of the model.</summary>
internal sealed record ContentPlan(int Bytes)
{
    /// <summary>Whether the content announces a length; else it is sent in chunks.</summary>
    public bool HasLength { get; init; }

    public bool CanResend { get; init; }

    /// <summary>Whether a stream provides it, instead of a function.</summary>
    public bool IsStream { get; init; }

    public ContentFlaw Flaw { get; init; }

    /// <summary>The bytes after which a function pauses.</summary>
    public int PieceBytes { get; init; }

    public TimeSpan Pause { get; init; }
}

/// <summary>One call of the session: when, what, and how it ends.</summary>
internal sealed record CallPlan(int Number, string Method, string Origin)
{
    public TimeSpan StartAt { get; init; }

    /// <summary>Turns of the loop after <see cref="StartAt"/>, so that calls interleave.</summary>
    public int StartTurns { get; init; }

    public ContentPlan? Content { get; init; }

    public CallEnd End { get; init; }

    /// <summary>From the start to the cancellation; null: none.</summary>
    public TimeSpan? CancelAfter { get; init; }

    public int CancelTurns { get; init; }

    public TimeSpan? Timeout { get; init; }

    public bool FollowsRedirects { get; init; }

    public bool ExpectsContinue { get; init; }

    /// <summary>How long the caller has the response before it reads.</summary>
    public TimeSpan Hold { get; init; }

    /// <summary>True if the server may handle the request several times.</summary>
    public static bool IsIdempotent(string method) =>
        method is "GET" or "HEAD" or "PUT" or "DELETE" or "OPTIONS" or "TRACE";
}

/// <summary>The habits of one server of the model; each chance is per response.</summary>
internal sealed record OriginPlan(string Name)
{
    /// <summary>True if nothing listens at its address.</summary>
    public bool IsDown { get; init; }

    /// <summary>True if the first of its two addresses does not answer.</summary>
    public bool HasSilentAddress { get; init; }

    public bool IsHttp10 { get; init; }

    /// <summary>Closes after the response and says so.</summary>
    public double CloseChance { get; init; }

    /// <summary>Closes after the response and does not say so.</summary>
    public double SurpriseCloseChance { get; init; }

    public TimeSpan? IdleLimit { get; init; }

    public IdleEnd IdleEnd { get; init; }

    public double CutChance { get; init; }

    public double GarbageChance { get; init; }

    /// <summary>Appends a whole response to the response.</summary>
    public double SurplusChance { get; init; }

    public double SilenceChance { get; init; }

    /// <summary>Answers before the content of the request has ended.</summary>
    public double EarlyChance { get; init; }

    public double RedirectChance { get; init; }

    public double InterimChance { get; init; }

    public double SlowChance { get; init; }

    public double StopsReadingChance { get; init; }
}
