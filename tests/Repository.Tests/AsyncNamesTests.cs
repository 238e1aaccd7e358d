// The name of every method of the libraries that can be awaited says so, and the checker finds
// those that do not.

using Repository.Tests.Rooms;

namespace Repository.Tests;

[TestFixture]
public sealed class AsyncNamesTests
{
    [Test]
    public void Every_method_that_can_be_awaited_ends_in_Async() => Rules.AssertNone(
        new[] { HouseCompilations.Reactor, HouseCompilations.Http }.SelectMany(AsyncNames.Check),
        "Names of methods (docs/style.md)");

    [TestCase("public System.Threading.Tasks.Task Read() => null!;", true)]
    [TestCase("internal System.Threading.Tasks.ValueTask<int> Read() => default;", true)]
    [TestCase("protected Ours Read() => default;", true)]
    [TestCase("internal static Below Read() => null!;", true)]
    [TestCase("private Ours Read() => default;", false)]
    [TestCase("public Ours ReadAsync() => default;", false)]
    [TestCase("public int Read() => 0;", false)]
    [TestCase("public override Ours Above() => default;", false)]
    [TestCase("public System.Threading.Tasks.ValueTask DisposeAsync() => default;", false)]
    [TestCase("public System.Collections.Generic.IAsyncEnumerable<int> Items() => null!;", false)]
    [TestCase("public Ours WhenAll() => default;", true)]
    [TestCase("public Ours WhenAll() => default;", false, "src/Reactor/Verbs/EventLoop.Waits.cs")]
    [TestCase("public Ours Read() => default;", true, "src/Reactor/Verbs/EventLoop.Waits.cs")]
    public void A_name_is_judged_by_what_the_method_returns_and_where_it_stands(
        string member, bool isFound, string path = "src/Reactor/Sync/A.cs") => Assert.That(
            AsyncNames.Check(SourceCompilation.Compile("Planted",
            [
                new("src/Reactor/Sync/Ours.cs", """
                    public struct Ours
                    {
                        public System.Runtime.CompilerServices.TaskAwaiter GetAwaiter() => default;
                    }
                    public class Future { public System.Action GetAwaiter() => null!; }
                    public class Below : Future { }
                    public class Base { public virtual Ours Above() => default; }
                    """),
                new(path, $"class A : Base {{ {member} }}"),
            ])).Any(finding => finding.Path == path),
            Is.EqualTo(isFound));
}
