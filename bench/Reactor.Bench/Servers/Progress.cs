namespace Reactor.Bench.Servers;

/// <summary>Says on standard error what is done at the moment.</summary>
internal static class Progress
{
    public static void Say(string line) => Console.Error.WriteLine(line);
}
