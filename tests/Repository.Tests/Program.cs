// `dotnet run --project tests/Repository.Tests -- graph [Reactor|Reactor.Http]` prints which file
// uses which, by rooms, and the cycles. The tests themselves are run by `dotnet test`.

using Repository.Tests.Graph;
using Repository.Tests.Rooms;

namespace Repository.Tests;

internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["graph"]:
                Print("Reactor");
                Print("Reactor.Http");
                return 0;
            case ["graph", "Reactor" or "Reactor.Http"]:
                Print(args[1]);
                return 0;
            default:
                Console.Error.WriteLine("usage: graph [Reactor|Reactor.Http]");
                return 2;
        }
    }

    private static void Print(string project) => Console.WriteLine(GraphText.Write(
        project,
        FileGraph.Of(project == "Reactor" ? HouseCompilations.Reactor : HouseCompilations.Http)));
}
