using Reactor.Net;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// The list of those who are open: in the order they came, whoever leaves from wherever.
/// </summary>
public class IntrusiveListTests
{
    private IntrusiveList<Member, Member.Links> _list = new();

    [SetUp]
    public void MakeList() => _list = new();

    [Test]
    public void It_holds_what_an_ordinary_list_would()
    {
        var random = new Random(TestSeed.Next());
        var model = new List<Member>();
        for (int i = 0; i < 2000; i++)
        {
            if (model.Count == 0 || (model.Count < 8 && random.Next(2) == 0))
            {
                var joins = new Member();
                _list.Add(joins);
                model.Add(joins);
            }
            else
            {
                int at = random.Next(model.Count);
                _list.Remove(model[at]);
                model.RemoveAt(at);
            }

            Assert.That(_list.Count, Is.EqualTo(model.Count));
            Assert.That(_list, Is.EqualTo(model));
        }
    }

    [Test]
    public void Who_has_left_may_join_again_at_the_end()
    {
        Member[] members = [new(), new(), new()];
        Array.ForEach(members, _list.Add);
        _list.Remove(members[0]);
        _list.Add(members[0]);

        Assert.That(_list, Is.EqualTo(new[] { members[1], members[2], members[0] }));
    }

    [Test]
    public void Who_enumerates_gets_those_of_the_beginning_whoever_leaves_or_joins_meanwhile()
    {
        Member[] members = [new(), new(), new()];
        Array.ForEach(members, _list.Add);
        var seen = new List<Member>();
        foreach (Member member in _list)
        {
            seen.Add(member);
            foreach (Member other in _list)
            {
                _list.Remove(other);
            }

            _list.Add(new Member());
        }

        Assert.That(seen, Is.EqualTo(members));
        Assert.That(_list.Count, Is.EqualTo(1));
    }

    [Test]
    [Category("Measured")]
    public void Joining_and_leaving_allocate_nothing()
    {
        Member[] members = [new(), new(), new()];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            foreach (Member member in members)
            {
                _list.Add(member);
            }

            _list.Remove(members[1]);
            _list.Remove(members[0]);
            _list.Remove(members[2]);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private sealed class Member
    {
        private ListLinks<Member> _links;

        public readonly struct Links : IListLinks<Member>
        {
            public ref ListLinks<Member> Of(Member element) => ref element._links;
        }
    }
}
