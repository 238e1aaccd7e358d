// Each bucket is one number, the moment at which it will be full (the "theoretical arrival time" of
// the generic cell rate algorithm): a request may pass if the bucket, with it, would be full no
// later than a whole burst from now. Moments are in ticks times requests per window, in which a
// request costs exactly the ticks of a window: nothing is rounded, and 128 bits cannot overflow.
//
// Buckets are in a heap by that moment. One that is full says nothing and is dropped. If too many
// are not, the one nearest to full goes, which forgets the least. To displace a client that is out
// of tokens, an attacker must keep every other bucket as empty as that, for which each key must
// send a burst; least-recently-used would let one request from each new key displace it.
using System.Diagnostics;

namespace Reactor.Http;

/// <summary>
/// Token buckets by key, at most so many. Pure: the caller passes the time, which does not go back.
/// </summary>
/// <param name="requests">Tokens that are added in each window.</param>
/// <param name="windowTicks">The ticks of a window.</param>
/// <param name="burst">Tokens in a full bucket.</param>
/// <param name="keysMax">Buckets at most.</param>
internal sealed class TokenBuckets(int requests, long windowTicks, int burst, int keysMax)
{
    // Each new key drops up to so many that are full: the table shrinks faster than it grows.
    private const int DropsPerKey = 2;

    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly List<Bucket> _heap = [];
    private readonly Int128 _room = (Int128)burst * windowTicks;

    public int Count => _heap.Count;

    /// <summary>Takes a token; returns 0, or the ticks until there is one.</summary>
    public long Take(string key, long nowTicks)
    {
        Int128 now = (Int128)nowTicks * requests;
        bool isKnown = _buckets.TryGetValue(key, out Bucket? bucket);
        Int128 fullAt = (isKnown ? Int128.Max(bucket!.FullAt, now) : now) + windowTicks;
        Int128 excess = fullAt - now - _room;
        if (excess > 0)
        {
            return (long)((excess + requests - 1) / requests);
        }

        if (isKnown)
        {
            bucket!.FullAt = fullAt;
            MoveDown(bucket);
        }
        else
        {
            MakeRoom(now);
            Add(new Bucket(key) { FullAt = fullAt });
        }

        return 0;
    }

    private void MakeRoom(Int128 now)
    {
        for (int i = 0; i < DropsPerKey && Count > 0 && _heap[0].FullAt <= now; i++)
        {
            DropFirst();
        }

        if (Count == keysMax)
        {
            DropFirst();
        }
    }

    private void Add(Bucket bucket)
    {
        _buckets.Add(bucket.Key, bucket);
        _heap.Add(bucket);
        int index = Count - 1;
        for (int parent; index > 0 && _heap[parent = (index - 1) / 2].FullAt > bucket.FullAt;
            index = parent)
        {
            Place(_heap[parent], index);
        }

        Place(bucket, index);
    }

    private void DropFirst()
    {
        _buckets.Remove(_heap[0].Key);
        Bucket last = _heap[^1];
        _heap.RemoveAt(Count - 1);
        if (Count > 0)
        {
            Place(last, 0);
            MoveDown(last);
        }
    }

    private void MoveDown(Bucket bucket)
    {
        int index = bucket.Index;
        Debug.Assert(_heap[index] == bucket, "a bucket knows its place");
        while (true)
        {
            int child = (2 * index) + 1;
            if (child + 1 < Count && _heap[child + 1].FullAt < _heap[child].FullAt)
            {
                child++;
            }

            if (child >= Count || _heap[child].FullAt >= bucket.FullAt)
            {
                break;
            }

            Place(_heap[child], index);
            index = child;
        }

        Place(bucket, index);
    }

    private void Place(Bucket bucket, int index)
    {
        _heap[index] = bucket;
        bucket.Index = index;
    }

    private sealed class Bucket(string key)
    {
        public string Key { get; } = key;

        public Int128 FullAt { get; set; }

        public int Index { get; set; }
    }
}
