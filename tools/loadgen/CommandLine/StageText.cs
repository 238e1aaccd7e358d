namespace Reactor.Tools.Loadgen;

/// <summary>A stage as the user writes it: <c>30s:1k</c> or <c>30s:100c</c>.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="IsConnections">True if its target is a number of connections.</param>
internal readonly record struct StageText(Stage Stage, bool IsConnections)
{
    /// <summary>Reads a stage; returns what is wrong with it, or null.</summary>
    public static string? Read(string text, IReadOnlyList<StageText> before, out StageText value)
    {
        value = default;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string target = text[(colon + 1)..];
        if (colon < 0 || !DurationText.TryParse(text[..colon], out TimeSpan length))
        {
            return $"must be TIME:TARGET, such as 30s:1k or 30s:100c, not '{text}'.";
        }

        if (target is [.., 'c' or 'C'])
        {
            bool isValid = NumberText.TryParseWhole(target[..^1], out long connections)
                && connections is >= 0 and <= LoadPlan.ConnectionsMax;
            value = new StageText(new Stage(length, connections), IsConnections: true);
            return isValid ? null
                : FormattableString.Invariant(
                    $"must have 0 to {LoadPlan.ConnectionsMax} connections, not '{target}'.");
        }

        bool isRate = RateText.TryParseOrZero(target, out double rate);
        value = new StageText(new Stage(length, rate), IsConnections: false);
        return isRate ? null
            : $"must have a rate from 0 to {RateText.Format(RateText.Max)} as its target, or "
                + $"connections such as 100c, not '{target}'.";
    }
}
