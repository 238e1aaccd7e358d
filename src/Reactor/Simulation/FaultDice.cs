using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// Decides at each opportunity whether a fault happens: drawn from the chances of a
/// <see cref="FaultPlan"/>, or taken from a list.
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only. The random numbers are its own, so that draws of the application do not affect
/// the network. A chance of 0 draws no number, so a new kind of fault does not change the traces of
/// existing seeds.
/// </para>
/// <para>
/// Opportunities are counted per kind and alike in both modes: a run with the list of the faults
/// that another run drew is the same run. With a list nothing is drawn;
/// <see cref="FaultPlan.DelayMin"/> and <see cref="FaultPlan.SilentAddresses"/> still apply.
/// </para>
/// </remarks>
internal sealed class FaultDice
{
    private const int SpuriousWaitMaxUs = 1000;

    private readonly Func<TimeSpan> _now;
    private readonly Random _random;
    private readonly Action<NetworkFault>? _trace;
    private readonly Dictionary<(FaultKind, int), long>? _listed;
    private readonly int[] _opportunities = new int[Enum.GetValues<FaultKind>().Length];

    /// <exception cref="ArgumentException">
    /// A listed fault has a number below 1 or a negative amount, or an opportunity is listed twice.
    /// </exception>
    public FaultDice(int seed, InMemoryOptions options, Func<TimeSpan> now)
    {
        _now = now;
        _random = new Random(seed ^ 0x5EED);
        _trace = options.FaultTrace;
        _listed = options.OnlyFaults?.ToDictionary(
            fault => (fault.Kind, fault.Opportunity), fault => fault.Amount);
        if (options.OnlyFaults?.Any(fault => fault.Opportunity < 1 || fault.Amount < 0) is true)
        {
            throw new ArgumentException("A fault has a number from 1 and an amount from 0.");
        }

        Plan = options.Faults;
    }

    private delegate long Drawing(Random random, FaultPlan plan, int bytes);

    public FaultPlan Plan { get; set; }

    /// <summary>Returns how long an event takes that arrives at an end.</summary>
    public TimeSpan Delay(NetworkEventKind kind, int end, int bytes)
    {
        bool isDrawn = Plan.DelayMax > Plan.DelayMin
            && (Plan.DelayChance >= 1 || Rolls(Plan.DelayChance));
        Fault? fault = Next(
            FaultKind.Delay, isDrawn,
            static (random, plan, _) => UpTo(random, plan.DelayMax - plan.DelayMin));
        if (fault is not { Amount: > 0 and long amount } delay)
        {
            return Plan.DelayMin;
        }

        Report(delay, kind, end, bytes);
        return Plan.DelayMin + TimeSpan.FromTicks(amount);
    }

    /// <summary>Returns how many of the possible bytes a send takes, at least one.</summary>
    public int SendSize(int bytes, int end)
    {
        if (bytes <= 1)
        {
            return bytes;
        }

        Fault? fault = Next(
            FaultKind.Short, Rolls(Plan.ShortSendChance),
            static (random, _, bytes) => random.Next(1, bytes), bytes);
        if (fault is not { Amount: > 0 } part || part.Amount >= bytes)
        {
            return bytes;
        }

        Report(part, NetworkEventKind.Data, end, bytes);
        return (int)part.Amount;
    }

    /// <summary>Returns the sizes of the pieces in which a write arrives at an end.</summary>
    public List<int> Pieces(int bytes, int end)
    {
        var pieces = new List<int>();
        int left = bytes;
        int cuts = bytes > 1 && Plan.SplitPiecesMax > 1 && Rolls(Plan.SplitChance)
            ? _random.Next(1, Plan.SplitPiecesMax)
            : 0;
        while (left > 1
            && Next(
                FaultKind.Split, cuts-- > 0, static (random, _, left) => random.Next(1, left), left)
                is { Amount: > 0 } cut
            && cut.Amount < left)
        {
            Report(cut, NetworkEventKind.Data, end, left);
            pieces.Add((int)cut.Amount);
            left -= pieces[^1];
        }

        pieces.Add(left);
        return pieces;
    }

    /// <summary>
    /// Returns the fault that resets a direction after its amount of bytes, or null. It is reported
    /// when it happens.
    /// </summary>
    public Fault? Reset() => Next(
        FaultKind.Reset, Rolls(Plan.ResetChance),
        static (random, plan, _) => random.Next(plan.ResetBytesMax));

    /// <summary>
    /// Returns the fault that makes a client leave when its amount of time has passed, or null. It
    /// is reported when it happens.
    /// </summary>
    public Fault? Disconnect() => Next(
        FaultKind.Disconnect, Rolls(Plan.DisconnectChance),
        static (random, plan, _) => UpTo(random, plan.DisconnectDelayMax));

    public SocketError? AcceptError(int listener)
    {
        Fault? fault = Next(
            FaultKind.Accept, Plan.AcceptErrors.Count > 0 && Rolls(Plan.AcceptErrorChance),
            static (random, plan, _) =>
                (long)plan.AcceptErrors[random.Next(plan.AcceptErrors.Count)]);
        Report(fault, NetworkEventKind.Acceptable, listener);
        return (SocketError?)fault?.Amount;
    }

    /// <summary>Returns the time after which a wait ends spuriously, or null.</summary>
    public TimeSpan? SpuriousWait(int end)
    {
        Fault? fault = Next(
            FaultKind.Spurious, Rolls(Plan.SpuriousReadableChance),
            static (random, _, _) =>
                random.Next(1, SpuriousWaitMaxUs + 1) * TimeSpan.TicksPerMicrosecond);
        Report(fault, NetworkEventKind.Spurious, end);
        return fault is { Amount: var ticks } ? TimeSpan.FromTicks(ticks) : null;
    }

    /// <summary>Traces a fault that has an effect now.</summary>
    public void Report(Fault? fault, NetworkEventKind kind, int end, int bytes = 0)
    {
        if (fault is { } happened)
        {
            _trace?.Invoke(new NetworkFault(_now(), happened, kind, end, bytes));
        }
    }

    private static long UpTo(Random random, TimeSpan max) =>
        random.NextInt64(max == TimeSpan.MaxValue ? max.Ticks : max.Ticks + 1);

    private Fault? Next(FaultKind kind, bool isDrawn, Drawing draw, int bytes = 0)
    {
        int number = ++_opportunities[(int)kind];
        if (_listed is null)
        {
            return isDrawn ? new Fault(kind, number, draw(_random, Plan, bytes)) : null;
        }

        return _listed.TryGetValue((kind, number), out long amount)
            ? new Fault(kind, number, amount)
            : null;
    }

    private bool Rolls(double chance) =>
        _listed is null && chance > 0 && _random.NextDouble() < chance;
}
