using System.Buffers;
using Reactor.Net;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// Blocks outside the managed heap: who may use them, and when the system has their pages again.
/// </summary>
public class NativeBlockPoolTests
{
    private const int Kept = NativeBlockPool.KeptBytes / NativeBlockPool.BlockBytes;

    [Test]
    public void Blocks_do_not_overlap_and_keep_what_is_written()
    {
        using var world = new SimulatedLoop();
        var pool = new NativeBlockPool(world.Loop);
        NativeBlock[] blocks = [.. Enumerable.Range(0, 200).Select(_ => pool.Rent())];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i].Memory.Span.Fill((byte)i);
        }

        for (int i = 0; i < blocks.Length; i++)
        {
            Assert.That(blocks[i].Memory.Span.IndexOfAnyExcept((byte)i), Is.EqualTo(-1));
        }

        Array.ForEach(blocks, pool.Return);
        Assert.That(pool.RentedBlocks, Is.Zero);
        pool.Clear();
        Assert.That(pool.ResidentBytes, Is.Zero);
    }

    [Test]
    public void Memory_of_a_returned_block_throws_also_when_the_block_is_rented_again()
    {
        using var world = new SimulatedLoop();
        var pool = new NativeBlockPool(world.Loop);
        NativeBlock block = pool.Rent();
        Memory<byte> memory = block.Memory;
        pool.Return(block);
        Assert.That(() => memory.Span[0], Throws.InstanceOf<ObjectDisposedException>());
        pool.Rent();
        Assert.That(() => memory.Span[0], Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => memory.Pin(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [TestCase(-2, 4)]
    [TestCase(2, 1)]
    public void Free_blocks_are_the_systems_a_second_after_the_first_came_back(
        int ticksLate, int mebibytes)
    {
        using var world = new SimulatedLoop();
        var pool = new NativeBlockPool(world.Loop);
        NativeBlock[] blocks = [.. Enumerable.Range(0, 4 * Kept).Select(_ => pool.Rent())];
        TimeSpan begun = world.Driver.Now;
        Array.ForEach(blocks, pool.Return);
        Assert.That(pool.ResidentBytes, Is.EqualTo(4 * NativeBlockPool.KeptBytes));

        TimeSpan end = begun + TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(ticksLate);
        world.RunFor(end - world.Driver.Now);
        Assert.That(pool.ResidentBytes, Is.EqualTo(mebibytes * NativeBlockPool.KeptBytes));
    }

    [Test]
    public void A_block_that_is_pinned_is_not_given_to_another_before_the_pin_ends()
    {
        using var world = new SimulatedLoop();
        var pool = new NativeBlockPool(world.Loop);
        NativeBlock pinned = pool.Rent();
        MemoryHandle pin = pinned.Pin();
        pool.Return(pinned);
        Assert.That(pool.Rent().Index, Is.Not.EqualTo(pinned.Index));

        new Thread(pin.Dispose).StartAndJoin();
        Assert.That(
            Enumerable.Range(0, Kept).Select(_ => pool.Rent().Index), Does.Contain(pinned.Index));
    }

    [Test]
    public void A_block_that_was_refused_to_a_late_pin_is_given_to_one_renter_only()
    {
        using var world = new SimulatedLoop();
        var pool = new NativeBlockPool(world.Loop);
        NativeBlock returned = pool.Rent();
        pool.Return(returned);
        NativeBlock first = pool.Rent();
        Assert.That(first.Index, Is.EqualTo(returned.Index), "the same memory");

        Assert.That(() => returned.Pin(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(
            Enumerable.Range(0, 2 * Kept).Select(_ => pool.Rent())
                .Where(one => one.Slab == first.Slab).Select(one => one.Index),
            Does.Not.Contain(first.Index));
    }

    [Test]
    public void A_block_can_be_returned_once_and_unpinned_as_often_as_it_was_pinned()
    {
        using var world = new SimulatedLoop();
        var pool = new NativeBlockPool(world.Loop);
        NativeBlock block = pool.Rent();
        block.Pin();
        block.Unpin();
        Assert.That(block.Unpin, Throws.InvalidOperationException);
        pool.Return(block);
        Assert.That(() => pool.Return(block), Throws.InvalidOperationException);
        Assert.That(() => block.Memory, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(pool.RentedBlocks, Is.Zero);
    }

    [Test]
    public void A_block_whose_pin_ends_on_another_thread_is_the_systems_a_second_later()
    {
        using var world = new SimulatedLoop();
        var pool = new NativeBlockPool(world.Loop);
        NativeBlock[] blocks = [.. Enumerable.Range(0, 2 * Kept).Select(_ => pool.Rent())];
        MemoryHandle[] pins = [.. blocks.Select(one => one.Pin())];
        Array.ForEach(blocks, pool.Return);
        world.RunFor(TimeSpan.FromSeconds(5));
        Assert.That(pool.ResidentBytes, Is.EqualTo(2 * NativeBlockPool.KeptBytes));

        new Thread(() => Array.ForEach(pins, pin => pin.Dispose())).StartAndJoin();
        world.RunFor(TimeSpan.FromSeconds(1.1));
        Assert.That(pool.ResidentBytes, Is.EqualTo(NativeBlockPool.KeptBytes));
    }

    [Test]
    [Platform("Linux")]
    [Category("Measured")]
    public void The_resident_set_falls_when_blocks_come_back()
    {
        using var world = new SimulatedLoop();
        var pool = new NativeBlockPool(world.Loop);
        NativeBlock[] blocks = [.. Enumerable.Range(0, 64 * Kept).Select(_ => pool.Rent())];
        foreach (NativeBlock block in blocks)
        {
            block.Memory.Span.Fill(1);
        }

        long before = Environment.WorkingSet;
        // A hole in each slab: none of them can be freed as a whole.
        foreach (NativeBlock block in blocks.Where((_, i) => i % Kept != 5))
        {
            pool.Return(block);
        }

        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.That(before - Environment.WorkingSet, Is.GreaterThan(50 * 1024 * 1024));
        Assert.That(
            pool.ResidentBytes,
            Is.LessThanOrEqualTo(NativeBlockPool.KeptBytes + (64 * NativeBlockPool.BlockBytes)));
    }
}

file static class Threads
{
    public static void StartAndJoin(this Thread thread)
    {
        thread.Start();
        thread.Join();
    }
}
