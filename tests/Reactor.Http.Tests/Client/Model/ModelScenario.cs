using Reactor.Simulation;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// What one seed makes: options of the session, the network, servers and calls. A scenario is data;
/// the servers draw each response from a seed of their own when the request comes.
/// </summary>
internal sealed record ModelScenario(Weather Weather, int Seed)
{
    private const int WindowBytesMax = 64 * 1024;

    private static readonly string[] s_names = ["a", "b", "c"];

    private static readonly string[] s_methods =
        ["GET", "GET", "GET", "HEAD", "OPTIONS", "DELETE", "PUT", "PUT", "POST", "POST", "PATCH",
            "REPORT"];

    public required ClientOptions Options { get; init; }

    public required InMemoryOptions Network { get; init; }

    public required bool HasProxy { get; init; }

    public required IReadOnlyList<OriginPlan> Origins { get; init; }

    public required IReadOnlyList<CallPlan> Calls { get; init; }

    /// <summary>How long a name takes to resolve.</summary>
    public required TimeSpan ResolveTime { get; init; }

    /// <summary>When the session is closed while calls run; null: after them.</summary>
    public required TimeSpan? CloseAt { get; init; }

    /// <summary>True if bytes arrive as they are sent: in one piece, at once.</summary>
    public bool IsNetworkExact =>
        Network.Faults == FaultPlan.None && Network.WindowBytes == WindowBytesMax;

    public static ModelScenario Draw(Weather weather, int seed)
    {
        var dice = new ModelDice(seed);
        List<OriginPlan> origins =
            [.. s_names.Take(dice.From(1, 3)).Select(name => DrawOrigin(dice, weather, name))];
        TimeSpan span = dice.Time(0, weather == Weather.Calm ? 3 : 20);
        int count = dice.From(20, 60);
        return new ModelScenario(weather, seed)
        {
            Options = DrawOptions(dice, weather, origins.Exists(one => one.HasSilentAddress)),
            Network = DrawNetwork(dice, weather, seed),
            HasProxy = dice.Is(0.2),
            Origins = origins,
            Calls = [.. Enumerable.Range(1, count)
                .Select(number => DrawCall(dice, weather, origins, number, span))],
            ResolveTime = dice.Is(0.3) ? dice.Time(0, 0.5) : TimeSpan.Zero,
            CloseAt = dice.Is(0.1) ? dice.Time(0, span.TotalSeconds) : null,
        };
    }

    private static ClientOptions DrawOptions(ModelDice dice, Weather weather, bool isDual)
    {
        var options = new ClientOptions
        {
            ConnectionsPerHostMax = dice.From(1, 4),
            ConnectionsMax = dice.From(1, 8),
            IdleTimeout = dice.Time(0.1, 15),
            UsesCookies = dice.Is(0.8),
            RedirectsMax = dice.Pick(10, 10, 1, 0),
            RetriesMax = dice.Pick(1, 1, 0, 2),
        };
        TimeSpan late = TimeSpan.FromMinutes(30);
        return weather == Weather.Calm
            ? options with
            {
                PoolTimeout = late,
                ConnectTimeout = late,
                HeadTimeout = late,
                BodyIdleTimeout = late,
                SendIdleTimeout = late,
                Timeout = late,
            }
            : options with
            {
                PoolTimeout = dice.Time(1, 10),
                ConnectTimeout = dice.Time(isDual ? 2 : 1, 5),
                HeadTimeout = dice.Time(0.5, 10),
                BodyIdleTimeout = dice.Time(0.5, 10),
                SendIdleTimeout = dice.Time(0.5, 10),
                Timeout = dice.Time(3, 60),
                WaitersMax = dice.Pick(10_000, 10_000, 5, 0),
                BodyBytesMax = dice.Pick(1 << 20, 1 << 20, 20_000),
                BodyBufferBytesMax = dice.Pick(1 << 28, 64 * 1024, 256 * 1024),
            };
    }

    private static InMemoryOptions DrawNetwork(ModelDice dice, Weather weather, int seed)
    {
        var options = new InMemoryOptions
        {
            Seed = seed,
            WindowBytes = dice.Pick(WindowBytesMax, WindowBytesMax, 4096, 300),
            SendBufferBytes = dice.Pick(0, 4096, 1 << 20),
            TurnsAtOneMomentMax = 300_000,
        };
        if (weather == Weather.Calm)
        {
            return options;
        }

        FaultPlan faults = FaultPlan.Rough with
        {
            DelayMax = dice.Time(0, dice.Pick(0.001, 0.05, 1)),
            DelayChance = dice.Pick(1, 0.2),
        };
        return options with
        {
            Faults = weather == Weather.Rough || dice.Is(0.3)
                ? dice.Is(0.2) ? FaultPlan.None : faults
                : faults with
                {
                    ResetChance = dice.Pick(0, 0.05, 0.2),
                    ResetBytesMax = dice.Pick(200, 5000, WindowBytesMax),
                    DisconnectChance = dice.Pick(0, 0.05),
                    AcceptErrorChance = dice.Pick(0, 0.05),
                },
        };
    }

    private static OriginPlan DrawOrigin(ModelDice dice, Weather weather, string name)
    {
        var calm = new OriginPlan(name)
        {
            HasSilentAddress = weather != Weather.Calm && dice.Is(0.1),
            IsHttp10 = dice.Is(0.15),
            CloseChance = dice.Pick(0, 0, 0.2, 1),
            SurplusChance = dice.Pick(0, 0, 0.1),
            EarlyChance = dice.Pick(0, 0.3),
            RedirectChance = dice.Pick(0, 0.1, 0.4),
            InterimChance = dice.Pick(0, 0.2),
            SlowChance = dice.Pick(0, 0.3),
        };
        if (weather == Weather.Calm)
        {
            return calm;
        }

        OriginPlan rough = calm with
        {
            SurpriseCloseChance = dice.Pick(0, 0, 0.3, 1),
            IdleLimit = dice.Is(0.6) ? dice.Time(0, dice.Pick(0.01, 1, 10)) : null,
            IdleEnd = (IdleEnd)dice.From(0, (int)IdleEnd.Junk),
        };
        return weather == Weather.Rough
            ? rough
            : rough with
            {
                IsDown = dice.Is(0.05),
                CutChance = dice.Pick(0, 0.1, 0.3),
                GarbageChance = dice.Pick(0, 0.1),
                SilenceChance = dice.Pick(0, 0.05),
                StopsReadingChance = dice.Pick(0, 0.05),
            };
    }

    private static CallPlan DrawCall(
        ModelDice dice, Weather weather, List<OriginPlan> origins, int number, TimeSpan span)
    {
        string method = dice.Pick(s_methods);
        bool isContentUsual = method is "PUT" or "POST" or "PATCH" or "REPORT";
        return new CallPlan(number, method, dice.Pick(origins.ToArray()).Name)
        {
            StartAt = TimeSpan.FromMilliseconds(100 * dice.From(0, (int)(span.TotalSeconds * 10))),
            StartTurns = dice.From(0, 20),
            Content = dice.Is(isContentUsual ? 0.9 : 0.05) ? DrawContent(dice, weather) : null,
            End = dice.Pick(
                CallEnd.ReadAll, CallEnd.ReadAll, CallEnd.ReadAll, CallEnd.Stream, CallEnd.Stream,
                CallEnd.GiveUpReads, CallEnd.ReadOnly, CallEnd.PartAndDispose,
                CallEnd.DisposeUnread, CallEnd.Throw,
                weather == Weather.Calm ? CallEnd.ReadAll : CallEnd.Forget),
            CancelAfter = dice.Is(0.2)
                ? dice.Is(0.6) ? TimeSpan.Zero : dice.Time(0, weather == Weather.Calm ? 0.5 : 5)
                : null,
            CancelTurns = dice.From(0, 40),
            Timeout = weather != Weather.Calm && dice.Is(0.2) ? dice.Time(0.1, 5) : null,
            FollowsRedirects = dice.Is(0.85),
            ExpectsContinue = dice.Is(0.2),
            Hold = dice.Is(0.2) ? dice.Time(0, 2) : TimeSpan.Zero,
        };
    }

    private static ContentPlan DrawContent(ModelDice dice, Weather weather)
    {
        bool isFlawed = weather != Weather.Calm && dice.Is(0.15);
        ContentFlaw flaw = isFlawed ? (ContentFlaw)dice.From(1, 3) : ContentFlaw.None;
        bool isStream = dice.Is(0.2) && flaw is ContentFlaw.None or ContentFlaw.TooFew;
        return new ContentPlan(isFlawed ? dice.From(10, 5000) : dice.BodyBytes())
        {
            Flaw = flaw,
            HasLength = flaw is ContentFlaw.TooFew or ContentFlaw.TooMany || dice.Is(0.6),
            CanResend = dice.Is(0.6),
            IsStream = isStream,
            PieceBytes = dice.Pick(int.MaxValue, 1000, 7000),
            Pause = dice.Is(0.3) ? dice.Time(0, 0.3) : TimeSpan.Zero,
        };
    }
}
