namespace Reactor.Tools.Loadgen;

/// <summary>Whether a measurement can be trusted, and if not, what limited it.</summary>
internal enum Verdict
{
    /// <summary>Nothing speaks against the result.</summary>
    Valid,

    /// <summary>This program was late or busy: the result is not the server's.</summary>
    ClientLimited,

    /// <summary>Requests waited for a connection while the server answered each at once.</summary>
    ConnectionLimited,

    /// <summary>The server did not keep up with the asked rate.</summary>
    ServerSaturated,

    /// <summary>The rate varied too much for one number to describe it.</summary>
    Noisy,

    /// <summary>A printed percentile rests on fewer than ten samples above it.</summary>
    TooFewSamples,
}

/// <summary>The printed names, which are part of the interface.</summary>
internal static class Verdicts
{
    /// <summary>The name in reports and JSON, such as <c>CLIENT-LIMITED</c>.</summary>
    public static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Valid => "VALID",
        Verdict.ClientLimited => "CLIENT-LIMITED",
        Verdict.ConnectionLimited => "CONNECTION-LIMITED",
        Verdict.ServerSaturated => "SERVER-SATURATED",
        Verdict.Noisy => "NOISY",
        Verdict.TooFewSamples => "TOO-FEW-SAMPLES",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };
}
