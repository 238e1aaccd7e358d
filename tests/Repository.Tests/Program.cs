// `dotnet run --project tests/Repository.Tests -- graph [PROJECT]`, with a project of src,
// prints which file uses which, by rooms, and the cycles. `dotnet test` runs the tests themselves.

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
                Print("Reactor.Http.Testing");
                Print("Reactor.Inspector");
                return 0;
            case ["graph", "Reactor" or "Reactor.Http" or "Reactor.Http.Testing"
                or "Reactor.Inspector"]:
                Print(args[1]);
                return 0;
            default:
                Console.Error.WriteLine(
                    "usage: graph [Reactor|Reactor.Http|Reactor.Http.Testing|Reactor.Inspector]");
                return 2;
        }
    }

    private static void Print(string project) => Console.WriteLine(GraphText.Write(
        project,
        FileGraph.Of(project switch
        {
            "Reactor" => HouseCompilations.Reactor,
            "Reactor.Http" => HouseCompilations.Http,
            "Reactor.Http.Testing" => HouseCompilations.Testing,
            _ => HouseCompilations.Inspector,
        })));
}
