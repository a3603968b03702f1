-- the password of each is demo
merge into users values
  ('dlucas', '{bcrypt}$2a$10$I/fsH1Mmmykui8kAdBgY1eSe0hc4n9FnBOwE4gAwoUozR1K9jxRG.', true),
  ('johnq', '{bcrypt}$2a$10$.ssmzPFwCwspHgT2nB5LyeRnLKQlb8sxbzfGLLJxMtHKZTvcoid/u', true),
  ('Mary Jones', '{bcrypt}$2a$10$3uv/p9Es/sgHXcxqTSJZourH7VwSwvuhYbDIa3D.JW..0Cbp7E7e6', true);
merge into authorities values
  ('dlucas', 'ROLE_USER'),
  ('johnq', 'ROLE_USER'),
  ('Mary Jones', 'ROLE_USER'),
  ('Mary Jones', 'ROLE_ADMIN');
