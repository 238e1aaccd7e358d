using System.Globalization;

/// <summary>
/// Loaded into a .NET server by the variable DOTNET_STARTUP_HOOKS, which wants this name and no
/// namespace. For each line on standard input it says on standard error what the process has
/// allocated and how often it collected: so that servers are measured as they are shipped, ours and
/// Kestrel in the same way. A thread of its own waits for the line.
/// </summary>
internal static class StartupHook
{
    public const string Prefix = "bench-allocated ";

    public static void Initialize() =>
        new Thread(Answer) { IsBackground = true, Name = "bench-allocated" }.Start();

    private static void Answer()
    {
        // Not `Console`: the server may want that for itself.
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
        while (input.ReadLine() is not null)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix}{GC.GetTotalAllocatedBytes(precise: true)} {GC.CollectionCount(0)} "
                    + $"{GC.CollectionCount(1)} {GC.CollectionCount(2)}"));
        }
    }
}
