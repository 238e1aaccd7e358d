// A snapshot of the public surface kept in git, so that each change of it is read in a review.
// Lines that start with '#' are for people and are not compared. Whether a difference may be
// accepted is decided here and nowhere else: on a CI machine never, whatever the environment says.

namespace Repository.Tests.Api;

public enum ApiVerdict
{
    Same,
    Different,
    Accept,
}

public static class ApiFile
{
    public const string AcceptVariable = "REACTOR_ACCEPT_PUBLIC_API";

    public static IReadOnlyList<string> Read(string path) => !File.Exists(path) ? [] :
        File.ReadAllLines(path).Where(line => line.Length > 0 && !line.StartsWith('#')).ToArray();

    public static void Write(string path, string assembly, IEnumerable<string> surface) =>
        File.WriteAllText(path, string.Concat(
            new[] { $"# What {assembly}.dll exports. Written by Repository.Tests with "
                + $"{AcceptVariable}=1; not by hand." }
                .Concat(surface).Select(line => line + "\n")));

    /// <summary>Removed lines with '-', added ones with '+', in the order of the surface.</summary>
    public static IReadOnlyList<string> Diff(
        IReadOnlyList<string> recorded, IReadOnlyList<string> actual) => recorded.Except(actual)
            .Select(line => (line, sign: '-'))
            .Concat(actual.Except(recorded).Select(line => (line, sign: '+')))
            .OrderBy(change => change.line, StringComparer.Ordinal)
            .Select(change => $"{change.sign} {change.line}")
            .ToArray();

    public static ApiVerdict Judge(IReadOnlyList<string> diff, string? accept, string? ci) =>
        diff.Count == 0 ? ApiVerdict.Same
        : accept == "1" && ci != "true" ? ApiVerdict.Accept
        : ApiVerdict.Different;
}
