namespace Reactor.Http.Tests.Server;

/// <summary>What a client sends in one go.</summary>
/// <param name="Bytes">Latin-1.</param>
/// <param name="BeginsRequest">False for what belongs to the request before.</param>
/// <param name="Waits">
/// True for a client that sends it when all that its earlier parts bring has come.
/// </param>
internal sealed record ScenarioPart(string Bytes, bool BeginsRequest = true, bool Waits = true);

/// <summary>One exchange to be broken off at any byte: who says what, and who answers.</summary>
/// <param name="Name">A few words.</param>
/// <param name="Parts">What the client sends.</param>
/// <param name="AddRoutes">The application; its handlers go through the witness.</param>
internal sealed record ExchangeScenario(
    string Name, IReadOnlyList<ScenarioPart> Parts, Action<Application, HandlerWitness> AddRoutes)
{
    /// <summary>What the server does otherwise than by default.</summary>
    public HttpServerOptions Options { get; init; } = new();

    /// <summary>The methods of the requests; GET where there are fewer.</summary>
    public string[] Methods { get; init; } = [];

    /// <summary>
    /// True if each run of the handler is to be logged as a failure, and nothing else.
    /// </summary>
    public bool HandlerFails { get; init; }

    /// <summary>
    /// True if a whole request has a handler that waits, and wants to know whether the client has
    /// gone: a reset is then told exactly once.
    /// </summary>
    public bool IsToldOfReset { get; init; }

    /// <summary>All bytes that the client sends.</summary>
    public int RequestBytes => Parts.Sum(part => part.Bytes.Length);

    /// <summary>Requests of which the client has sent a byte.</summary>
    public int BegunBy(int sentBytes) => Offsets().Count(
        part => part.Part.BeginsRequest && sentBytes > part.Begin);

    /// <summary>Requests that the client has sent whole.</summary>
    public int WholeBy(int sentBytes)
    {
        (ScenarioPart Part, int Begin)[] parts = [.. Offsets()];
        int begun = BegunBy(sentBytes);
        int[] ends = [.. parts.Skip(1).Where(part => part.Part.BeginsRequest)
            .Select(part => part.Begin), RequestBytes];
        return ends.Take(begun).Count(end => end <= sentBytes);
    }

    public override string ToString() => Name;

    private IEnumerable<(ScenarioPart Part, int Begin)> Offsets()
    {
        int begin = 0;
        foreach (ScenarioPart part in Parts)
        {
            yield return (part, begin);
            begin += part.Bytes.Length;
        }
    }
}

/// <summary>Sees how the handlers of a scenario begin and end, and what they are told.</summary>
/// <remarks>The loop's thread.</remarks>
/// <param name="pause">How long a handler waits where a scenario says that it does.</param>
/// <param name="watchesAll">
/// True to have every handler ask for <see cref="Request.Aborted"/>.
/// </param>
internal sealed class HandlerWitness(TimeSpan pause, bool watchesAll = false)
{
    public TimeSpan Pause => pause;

    /// <summary>Handlers that were called.</summary>
    public int Begun { get; private set; }

    /// <summary>Handlers whose <c>finally</c> ran.</summary>
    public int Ended { get; private set; }

    /// <summary>How often a handler was told that its client has gone.</summary>
    public int Told { get; private set; }

    /// <summary>The most that one handler was told, cancelled or both ways.</summary>
    public int ToldMax { get; private set; }

    /// <summary>A handler that is seen.</summary>
    public Handler Of(Handler handler) =>
        async request =>
        {
            Begun++;
            if (watchesAll)
            {
                Watch(request);
            }

            try
            {
                return await handler(request);
            }
            finally
            {
                Ended++;
            }
        };

    /// <summary>A handler with nothing to wait for that is seen.</summary>
    public Handler Of(Func<Request, Response> answer) =>
        Of(request => Handlers.Run(answer, request));

    /// <summary>Counts what one request's token says.</summary>
    public void Watch(Request request)
    {
        int told = 0;
        request.Aborted.Register(() => NoteTold(ref told));
    }

    /// <summary>One handler was told, for the so-manieth time.</summary>
    public void NoteTold(ref int told)
    {
        Told++;
        ToldMax = Math.Max(ToldMax, ++told);
    }
}
